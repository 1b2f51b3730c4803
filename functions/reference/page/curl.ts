/** An operation's examples as commands. Pure. */
import type { Method, Operation } from '../openapi/model.ts';

const MULTIPART = 'multipart/form-data';

/** One command for each form of the body that has an example. `$API` and `$KEY` stand for the address and the key. */
export function commandsOf(method: Method, path: string, operation: Operation): string[] {
  const bodies = Object.entries(operation.requestBody?.content ?? {}).flatMap(([contentType, { example }]) =>
    example === undefined ? [] : [bodyArguments(contentType, example as Record<string, unknown>)],
  );
  const first = [`curl ${flags(operation)}"$API${target(path, operation)}"`, keyArgument(path)];
  if (bodies.length === 0) {
    return [
      [
        ...(method === 'get' ? [] : [`curl -X ${method.toUpperCase()}${first[0]?.slice(4)}`]),
        ...first.slice(method === 'get' ? 0 : 1),
      ].join(' \\\n  '),
    ];
  }
  return bodies.map(body => [...first, ...body].join(' \\\n  '));
}

function flags({ responses }: Operation): string {
  if (responses[302]) return '-L -o video.mp4 ';
  return responses[200]?.content?.['text/event-stream'] ? '-N ' : '';
}

function target(path: string, { parameters }: Operation): string {
  const given = parameters.filter(({ example }) => example !== undefined);
  const filled = given
    .filter(parameter => parameter.in === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), path);
  const query = given.filter(parameter => parameter.in === 'query').map(({ name, example }) => `${name}=${example}`);
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled;
}

function keyArgument(path: string): string {
  return path.startsWith('/v1/') ? '-H "Authorization: Bearer $KEY"' : '-H "API-KEY: $KEY"';
}

function bodyArguments(contentType: string, example: Record<string, unknown>): string[] {
  if (contentType === MULTIPART)
    return Object.entries(example).map(([name, value]) => `-F ${quoted(`${name}=${value}`)}`);
  return [`-H 'content-type: ${contentType}'`, `-d ${quoted(jsonOf(example))}`];
}

/** On one line where it is short. */
export function jsonOf(value: unknown): string {
  const line = JSON.stringify(value);
  return line.length <= 60 ? line : JSON.stringify(value, null, 2);
}

/** For a shell; bare where nothing needs quotes. */
function quoted(text: string): string {
  return /^[\w@=.,/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
