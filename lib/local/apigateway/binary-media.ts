/** Whether the API's binary media types name a media type; parameters of the type do not count. */
export function isBinary(mediaType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  if (binaryMediaTypes.includes('*/*')) return true;
  const plain = mediaType?.split(';')[0]?.trim().toLowerCase();
  if (!plain) return false;
  return binaryMediaTypes.some(each => {
    const named = each.toLowerCase();
    return named === plain || (named.endsWith('/*') && plain.startsWith(named.slice(0, -1)));
  });
}
