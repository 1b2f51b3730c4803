/**
 * Makes components of what operations share, so that the document says it once: refusals, parameters, and schemas of
 * bodies and of their members that stand in more than one place, with their words. A component is named by the operation
 * or the family that has it first. Pure.
 */
import { OPEN } from './introduction.ts';
import type { Answer, MediaType, OpenApi, Operation, Parameter, Schema } from './model.ts';

type Content = Readonly<Record<string, MediaType>>;

export function shareComponents(document: OpenApi): OpenApi {
  const parameters = new Shared<Parameter>('parameters');
  const responses = new Shared<Answer>('responses');
  const schemas = new Shared<Schema>('schemas');
  const shareMembers = memberSharing(operationsOf(document), schemas);
  const withMembers = mapOperations(document, shareMembers);
  for (const operation of operationsOf(withMembers)) {
    for (const parameter of operation.parameters) parameters.count(parameter);
    for (const response of Object.values(operation.responses)) responses.count(response);
    for (const schema of schemasOf(operation)) schemas.count(schema);
  }
  const shareContent = (content: Content, name: string, family: string): Content =>
    mapValues(content, media => {
      if (!media.schema) return media;
      const { oneOf, ...schema } = media.schema;
      // An envelope is a success, which is the operation's own, or a refusal, which is its family's.
      const choices = oneOf?.map((choice, index) => schemas.share(choice, index === 0 ? name : `${family}Refusal`));
      return { ...media, schema: choices ? { ...schema, oneOf: choices } : schemas.share(media.schema, name) };
    });
  const share = (operation: Operation): Operation => {
    const name = capital(operation.operationId);
    const { requestBody } = operation;
    const family = camel(operation.tags[0]);
    return {
      ...operation,
      parameters: operation.parameters.map(parameter =>
        parameters.share(parameter, `${name}${capital(camel(parameter.name))}`),
      ),
      ...(requestBody && {
        requestBody: { ...requestBody, content: shareContent(requestBody.content, `${name}Request`, family) },
      }),
      responses: mapValues(operation.responses, (response, status) => {
        // Those of a family refuse alike, but for open routes.
        const owner = operation.tags[0] === OPEN.name ? name : family;
        if (Number(status) >= 400) return responses.shareAlways(response, `${owner}${status}`);
        const shared = responses.share(response, `${name}${status}`);
        if (shared !== response || !response.content) return shared;
        return { ...response, content: shareContent(response.content, `${name}Response`, family) };
      }),
    };
  };
  const { components } = document;
  return {
    ...mapOperations(withMembers, share),
    components: {
      ...components,
      schemas: { ...components.schemas, ...schemas.components },
      parameters: parameters.components,
      responses: responses.components,
    },
  };
}

/** Puts members of bodies that stand in several into `schemas`. */
function memberSharing(operations: readonly Operation[], schemas: Shared<Schema>): (operation: Operation) => Operation {
  for (const schema of operations.flatMap(schemasOf)) {
    for (const member of Object.values(schema.properties ?? {})) schemas.count(member);
  }
  const shareIn = (schema: Schema, place: string): Schema => ({
    ...schema,
    ...(schema.oneOf && { oneOf: schema.oneOf.map(choice => shareIn(choice, place)) }),
    ...(schema.properties && {
      properties: mapValues(schema.properties, (member, name) =>
        schemas.share(member, `${place}${capital(camel(name))}`),
      ),
    }),
  });
  return operation => {
    const name = capital(operation.operationId);
    const { requestBody, responses } = operation;
    // A member may be another in a form than in JSON, and another in an answer than in a call.
    const share = (content: Content, form: string): Content =>
      mapValues(content, (media, type) => {
        const place = `${name}${type.endsWith('json') ? '' : 'Form'}${form}`;
        return { ...media, ...(media.schema && { schema: shareIn(media.schema, place) }) };
      });
    return {
      ...operation,
      ...(requestBody && { requestBody: { ...requestBody, content: share(requestBody.content, '') } }),
      responses: mapValues(responses, (response, status) =>
        Number(status) < 400 && response.content
          ? { ...response, content: share(response.content, 'Answer') }
          : response,
      ),
    };
  };
}

function operationsOf({ paths }: OpenApi): Operation[] {
  return Object.values(paths).flatMap(item => Object.values(item));
}

function mapOperations(document: OpenApi, map: (operation: Operation) => Operation): OpenApi {
  return { ...document, paths: mapValues(document.paths, item => mapValues(item as Record<string, Operation>, map)) };
}

/** Schemas of objects, where they are not a component already. */
function schemasOf({ requestBody, responses }: Operation): Schema[] {
  const successes = Object.entries(responses).filter(([status]) => Number(status) < 400);
  const contents = [requestBody?.content, ...successes.map(([, { content }]) => content)];
  return contents.flatMap(content =>
    Object.values(content ?? {}).flatMap(({ schema }) => schema?.oneOf ?? schema ?? []),
  );
}

class Shared<Part extends object> {
  readonly components: Record<string, Part> = {};
  readonly #kind: string;
  readonly #counts = new Map<string, number>();
  readonly #names = new Map<string, string>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  count(part: Part): void {
    const content = JSON.stringify(part);
    this.#counts.set(content, (this.#counts.get(content) ?? 0) + 1);
  }

  /** A reference to the part, where it stands in several places and references are shorter. */
  share(part: Part, name: string): Part {
    const content = JSON.stringify(part);
    const count = this.#counts.get(content) ?? 1;
    const reference = `{"$ref":"#/components/${this.#kind}/${name}"}`.length;
    return content.length * (count - 1) > reference * (count + 1) ? this.shareAlways(part, name) : part;
  }

  /** A reference to the part. */
  shareAlways(part: Part, name: string): Part {
    const content = JSON.stringify(part);
    const known = this.#names.get(content);
    if (known === undefined && name in this.components) throw new Error(`two components are called ${name}`);
    const shared = known ?? name;
    this.#names.set(content, shared);
    this.components[shared] = part;
    return { $ref: `#/components/${this.#kind}/${shared}` } as Part & { $ref: string };
  }
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, name: string) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const camel = (text: string): string => text.replace(/[ _-](\w)/g, (_, letter: string) => letter.toUpperCase());
