/** If-Match and its like. Pure. */
import { refusal } from './s3-error.ts';
import type { Version } from './version.ts';

type Named = Pick<Version, 'etag' | 'modified'>;

/** Decides a read by RFC 9110, 13.2.2: throws PreconditionFailed (412) or NotModified (304). */
export function checkRead(
  version: Named,
  header: (name: string) => string | undefined,
  answer: Record<string, string>,
): void {
  const match = header('if-match');
  const unmodified = header('if-unmodified-since');
  if (match !== undefined) {
    if (!etagAmong(match, version)) throw failed('If-Match');
  } else if (unmodified !== undefined && seconds(version.modified) > Date.parse(unmodified)) {
    throw failed('If-Unmodified-Since');
  }
  const noneMatch = header('if-none-match');
  const modified = header('if-modified-since');
  const { etag = '', 'last-modified': date = '' } = answer;
  const unchanged =
    noneMatch === undefined
      ? modified !== undefined && seconds(version.modified) <= Date.parse(modified)
      : etagAmong(noneMatch, version);
  if (unchanged) throw refusal('NotModified', undefined, { headers: { etag, 'last-modified': date } });
}

/** Decides a write over `current`, which is undefined where no object is there: throws PreconditionFailed or NoSuchKey. */
export function checkWrite(current: Named | undefined, header: (name: string) => string | undefined): void {
  const noneMatch = header('if-none-match');
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw refusal('NotImplemented', undefined, { Header: 'If-None-Match', Value: noneMatch });
  }
  if (noneMatch === '*' && current) throw failed('If-None-Match');
  const match = header('if-match');
  if (match === undefined) return;
  if (!current) throw refusal('NoSuchKey');
  if (!etagAmong(match, current)) throw failed('If-Match');
}

/** Decides a copy by its source: throws PreconditionFailed. */
export function checkCopySource(source: Named, header: (name: string) => string | undefined): void {
  const of = (name: string) => header(`x-amz-copy-source-${name}`);
  const match = of('if-match');
  const noneMatch = of('if-none-match');
  const unmodified = of('if-unmodified-since');
  const modified = of('if-modified-since');
  if (match !== undefined && !etagAmong(match, source)) throw failed('x-amz-copy-source-If-Match');
  if (noneMatch !== undefined && etagAmong(noneMatch, source)) throw failed('x-amz-copy-source-If-None-Match');
  if (match === undefined && unmodified !== undefined && seconds(source.modified) > Date.parse(unmodified)) {
    throw failed('x-amz-copy-source-If-Unmodified-Since');
  }
  if (noneMatch === undefined && modified !== undefined && seconds(source.modified) <= Date.parse(modified)) {
    throw failed('x-amz-copy-source-If-Modified-Since');
  }
}

/** Whether `header`, a list of entity tags or `*`, names this version. */
export function etagAmong(header: string, version: Named): boolean {
  const named = header.split(',').map(tag => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, ''));
  return named.includes('*') || named.includes(version.etag);
}

// HTTP dates have no milliseconds.
function seconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

function failed(condition: string): Error {
  return refusal('PreconditionFailed', undefined, { Condition: condition });
}
