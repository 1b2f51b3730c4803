/** The bucket and the key of `s3://bucket/key`; throws where it is not that. */
export function splitLocation(location: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(location) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`${location} should be s3://bucket/prefix/`);
  return { bucket, key };
}
