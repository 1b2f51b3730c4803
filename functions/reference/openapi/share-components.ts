/**
 * Makes components of what operations share, so that the document says it once: refusals, parameters, and schemas of bodies
 * that stand in more than one place. A component is named by the operation or the family that has it first. Pure.
 */
import type { Answer, MediaType, OpenApi, Operation, Parameter, Schema } from './model.ts';

type Content = Readonly<Record<string, MediaType>>;

export function shareComponents(document: OpenApi): OpenApi {
  const parameters = new Shared<Parameter>('parameters');
  const responses = new Shared<Answer>('responses');
  const schemas = new Shared<Schema>('schemas');
  const operations = Object.values(document.paths).flatMap(item => Object.values(item));
  for (const operation of operations) {
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
        if (Number(status) >= 400) return responses.share(response, `${family}${status}`, 1);
        const shared = responses.share(response, `${name}${status}`);
        if (shared !== response || !response.content) return shared;
        return { ...response, content: shareContent(response.content, `${name}Response`, family) };
      }),
    };
  };
  const paths = mapValues(document.paths, item => mapValues(item as Record<string, Operation>, share));
  const { components } = document;
  return {
    ...document,
    paths,
    components: {
      ...components,
      schemas: { ...components.schemas, ...schemas.components },
      parameters: parameters.components,
      responses: responses.components,
    },
  };
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

  /** A reference to the part, where it stands in so many places and is longer than a reference. */
  share(part: Part, name: string, least = 2): Part {
    const content = JSON.stringify(part);
    const worthwhile = (this.#counts.get(content) ?? 1) >= least && content.length > 80;
    if (!worthwhile) return part;
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
