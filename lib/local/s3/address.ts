/** Path-style addresses and the percent-encoding of keys. Pure. */
import { refusal } from './s3-error.ts';

/** The bucket and the key of a path as sent; '' where it names none. Throws InvalidURI, KeyTooLongError. */
export function readAddress(path: string): { bucket: string; key: string } {
  const [, encodedBucket = '', encodedKey = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const key = decode(encodedKey);
  if (Buffer.byteLength(key) > 1024) throw refusal('KeyTooLongError', undefined, { MaxSizeAllowed: 1024 });
  return { bucket: decode(encodedBucket), key };
}

/** The source of a copy: `bucket/key`, percent-encoded, with or without a leading slash and `?versionId=`. */
export function readCopySource(header: string): { bucket: string; key: string; version: string | undefined } {
  const [path = '', version] = header.split('?versionId=');
  const { bucket, key } = readAddress(path.startsWith('/') ? path : `/${path}`);
  if (bucket === '' || key === '') {
    throw refusal('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
      ArgumentName: 'x-amz-copy-source',
      ArgumentValue: header,
    });
  }
  return { bucket, key, version };
}

/** A key as a listing with `encoding-type=url` writes it: `/` stays, a space is `+`. */
export function encodeListed(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');
}

/**
 * The least text that sorts, as UTF-8, after every text that begins with `prefix`; undefined where there is none.
 */
export function after(prefix: string): string | undefined {
  const points = [...prefix].map(character => character.codePointAt(0) as number);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // The code points of surrogates have no UTF-8.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal('InvalidURI', undefined, { URI: text });
  }
}
