/**
 * Holds answers against the OpenAPI document. Stricter than the document, which lets members be added to answers: a
 * member that is not documented counts as an error here.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Answer, OpenApi, Operation, Schema } from '../../functions/reference/openapi/model.ts';

export interface Received {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const BASE = 'https://mutoscope.invalid/';

/** The schema with its references absolute, and objects closed that the document leaves open. */
function prepared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prepared);
  if (typeof value !== 'object' || value === null) return value;
  const { type, properties, additionalProperties = false } = value as Schema;
  const entries = Object.entries(value).map(([key, item]) =>
    key === '$ref' ? [key, String(item).replace('#/components/schemas/', BASE)] : [key, prepared(item)],
  );
  return { ...Object.fromEntries(entries), ...(type === 'object' && properties && { additionalProperties }) };
}

export class Documented {
  readonly document: OpenApi;
  readonly #ajv = new Ajv2020({ strict: true, strictTypes: false, formats: { binary: true, uri: true } });
  readonly #compiled = new Map<Schema, ValidateFunction>();

  constructor(document: OpenApi) {
    this.document = document;
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      this.#ajv.addSchema({ $id: `${BASE}${name}`, ...(prepared(schema) as object) });
    }
  }

  operation(method: string, path: string): Operation | undefined {
    const item = this.document.paths[path] as Record<string, Operation> | undefined;
    return item?.[method.toLowerCase()];
  }

  /** What is wrong with the answer of a route; undefined where it is as documented. A route that is not documented answers a GateRefusal. */
  wrong(method: string, path: string, received: Received): string | undefined {
    const operation = this.operation(method, path);
    if (!operation) return this.#wrongAtTheGate(received);
    const answer: Answer | undefined = operation.responses[String(received.status)];
    if (!answer) return `status ${received.status} is not documented`;
    if (!answer.content) return received.text === '' ? undefined : 'a body where none is documented';
    const type = received.contentType.split(';')[0]?.trim() ?? '';
    const content = answer.content[type];
    if (!content) return `content type ${received.contentType} is not documented for ${received.status}`;
    if (!type.endsWith('json') || !content.schema) return undefined;
    return this.mismatch(content.schema, parsed(received.text));
  }

  #wrongAtTheGate({ status, text }: Received): string | undefined {
    if (status !== 404) return `status ${status} where there is no route`;
    return this.mismatch({ $ref: '#/components/schemas/GateRefusal' }, parsed(text));
  }

  /** What is wrong with a value by a schema of the document. */
  mismatch(schema: Schema, value: unknown): string | undefined {
    let validate = this.#compiled.get(schema);
    if (!validate) {
      validate = this.#ajv.compile(prepared(schema) as object);
      this.#compiled.set(schema, validate);
    }
    return validate(value) ? undefined : this.#ajv.errorsText(validate.errors);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
