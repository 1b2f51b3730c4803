/** What a control-plane request says: JSON members, pages and patches, each refused by name where it is not known. */
import { AwsError, type AwsRequest } from '../service.ts';

/** The JSON body; throws BadRequestException for a member that is not in `known`. */
export function readBody(request: AwsRequest, known: readonly string[]): Readonly<Record<string, unknown>> {
  const text = request.body.toString();
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  const unknown = Object.keys(body).filter(name => !known.includes(name));
  if (unknown.length > 0) throw badRequest(`The local cloud does not know ${unknown.join(', ')} here`);
  return body;
}

export interface Page {
  readonly limit: number;
  /** The id of the last item of the page before. */
  readonly after: string;
}

/** 25 items unless told otherwise, and never more than 500. */
export function readPage(request: AwsRequest): Page {
  const limit = Number(request.query.get('limit') ?? 25);
  if (!Number.isInteger(limit) || limit < 1) throw badRequest('Invalid limit');
  return { limit: Math.min(limit, 500), after: request.query.get('position') ?? '' };
}

/** One page of `items`, which must be one longer than the page where there is another. */
export function pageOf<T extends { readonly id: string }>(items: readonly T[], { limit }: Page) {
  const page = items.slice(0, limit);
  const last = items.length > limit ? page.at(-1) : undefined;
  return { page, ...(last ? { position: last.id } : {}) };
}

/** The `replace` operations of a patch, by path; throws BadRequestException for another one. */
export function readPatch(request: AwsRequest, known: readonly string[]): ReadonlyMap<string, string> {
  const { patchOperations = [] } = readBody(request, ['patchOperations']);
  const values = new Map<string, string>();
  for (const { op, path, value } of patchOperations as { op?: string; path?: string; value?: string }[]) {
    if (op !== 'replace' || path === undefined || !known.includes(path)) {
      throw badRequest(`Invalid patch operation: the local cloud can replace ${known.join(', ')}, not ${op} ${path}`);
    }
    values.set(path, value ?? '');
  }
  return values;
}

export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, 400);
}

export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message, 404);
}
