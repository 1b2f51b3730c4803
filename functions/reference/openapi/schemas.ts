/**
 * From zod to the schemas of the document, by zod's own toJSONSchema. Parts that have an id in their contract
 * (`.meta({ id })`) become components, and are said once. An
 * answer is left open: members may be added to it, and a client must pass over what it does not know. Pure.
 */
import * as z from 'zod';
import type { Schema } from './model.ts';

export type Components = Map<string, Schema>;

/** Converts one schema; what it shares with others goes into `components`. */
export function schemaOf(source: z.ZodType, io: 'input' | 'output', components: Components): Schema {
  const made = z.toJSONSchema(source, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, BINARY);
      simplify(jsonSchema, io);
    },
  });
  const { $schema: _, $defs = {}, ...schema } = refer(made) as Schema & { $schema?: string; $defs?: object };
  for (const [name, definition] of Object.entries($defs)) components.set(name, definition);
  return schema;
}

/** A file within a multipart body. */
export const BINARY = { type: 'string', format: 'binary' } as const satisfies Schema;

export function isFile({ type, format }: Schema): boolean {
  return type === BINARY.type && format === BINARY.format;
}

interface Draft {
  type?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  additionalProperties?: unknown;
  anyOf?: unknown;
  enum?: unknown;
}

/** Takes away what says nothing to a reader: the bounds of JavaScript's integers, and that more is allowed. */
function simplify(schema: Draft, io: 'input' | 'output'): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  const { additionalProperties: more } = schema;
  const isOpen = typeof more === 'object' && more !== null && Object.keys(more).length === 0;
  if (isOpen || io === 'output') delete schema.additionalProperties;
  if (typeof more === 'object' && !isOpen) schema.additionalProperties = more;
  const choices = Array.isArray(schema.anyOf) ? (schema.anyOf as Schema[]) : [];
  if (choices.length > 0 && choices.every(({ const: value }) => Number.isInteger(value))) {
    delete schema.anyOf;
    Object.assign(schema, { type: 'integer', enum: choices.map(({ const: value }) => value) });
  }
}

/** Every reference as the document has it. */
function refer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(refer);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' ? String(item).replace('#/$defs/', '#/components/schemas/') : refer(item),
    ]),
  );
}
