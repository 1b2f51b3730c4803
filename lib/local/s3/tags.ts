/** Tags of objects: how requests write them, and S3's limits. Pure. */
import { childrenOf, childText, readXml, type XmlNode } from '../protocols/xml.ts';
import { refusal } from './s3-error.ts';
import type { Tags } from './version.ts';

/** The `x-amz-tagging` header: a query string. */
export function parseTagHeader(header: string | undefined): Tags {
  return checked([...new URLSearchParams(header ?? '')]);
}

/** The body of PutObjectTagging. */
export function parseTagging(body: Buffer): Tags {
  const root = readXml(body.toString());
  const [set] = childrenOf(root, 'TagSet');
  if (root.name !== 'Tagging' || !set) throw refusal('MalformedXML');
  return checked(childrenOf(set, 'Tag').map(tag => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? '']));
}

export function tagSet(tags: Tags): XmlNode {
  const set = Object.entries(tags).map(([key, value]): XmlNode => {
    return [
      'Tag',
      [
        ['Key', key],
        ['Value', value],
      ],
    ];
  });
  return ['TagSet', set];
}

function checked(pairs: readonly (readonly [string, string])[]): Tags {
  if (pairs.length > 10) throw refusal('InvalidTag', 'Object tags cannot be greater than 10');
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw refusal('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  for (const [key, value] of pairs) {
    if (key === '' || key.length > 128)
      throw refusal('InvalidTag', 'The TagKey you have provided is invalid', { TagKey: key });
    if (value.length > 256)
      throw refusal('InvalidTag', 'The TagValue you have provided is invalid', { TagValue: value });
  }
  return Object.fromEntries(pairs);
}
