import type { z } from 'zod';
import type { Resource } from '../../service.ts';

/** The properties by their schema; throws with the logical id and every property that is wrong or not known. */
export function readResource<S extends z.ZodType>(schema: S, { logicalId, type, properties }: Resource): z.output<S> {
  const result = schema.safeParse(properties ?? {});
  if (result.success) return result.data;
  const reasons = result.error.issues.map(issue => {
    const where = issue.path.join('.');
    const names = issue.code === 'unrecognized_keys' ? issue.keys.map(key => (where ? `${where}.${key}` : key)) : [];
    if (names.length > 0) return `the local cloud does not know ${names.join(', ')}`;
    return `${where}: ${issue.message}`;
  });
  throw new Error(`${logicalId} (${type}): ${reasons.join('; ')}`);
}
