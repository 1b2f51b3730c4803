/** A JSON value, as states pass it to each other. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Step Functions' limit for an input, an output and a variable, in bytes of UTF-8. */
export const DATA_LIMIT = 256 * 1024;

/** Whether `value` is a JSON object (not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
