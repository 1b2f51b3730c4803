/** An operation's examples as commands. Pure. */
import type { Method, Operation, SchemeName } from '../openapi/model.ts';

const MULTIPART = 'multipart/form-data';

/** One command for each form of the body that has an example. `$API` stands for the address, `$KEY` and `$TOKEN` for who calls. */
export function commandsOf(method: Method, path: string, operation: Operation): string[] {
  const bodies = Object.entries(operation.requestBody?.content ?? {}).flatMap(([contentType, { example }]) =>
    example === undefined ? [] : [bodyArguments(contentType, example as Record<string, unknown>)],
  );
  // With a body, curl sends POST by itself.
  const verb = method === 'get' || (method === 'post' && bodies.length > 0) ? '' : `-X ${method.toUpperCase()} `;
  const first = [
    `curl ${verb}${flags(operation)}"$API${target(path, operation)}"`,
    ...callerArguments(path, operation),
  ];
  return (bodies.length > 0 ? bodies : [[]]).map(body => [...first, ...body].join(' \\\n  '));
}

function flags({ responses }: Operation): string {
  const types = Object.keys(responses[200]?.content ?? {});
  const follow = responses[302] ? '-L ' : '';
  if (types.some(type => type.startsWith('video/'))) return `${follow}-o video.mp4 `;
  return types.includes('text/event-stream') ? '-N ' : follow;
}

function target(path: string, { parameters }: Operation): string {
  const given = parameters.filter(({ example }) => example !== undefined);
  const filled = given
    .filter(parameter => parameter.in === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, encodeURIComponent(String(example))), path);
  const query = given
    .filter(parameter => parameter.in === 'query')
    .map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`);
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled;
}

/** By key where keys may call, in the manner of the dialect; else as a person, or as the one who signs. */
function callerArguments(path: string, { security }: Operation): string[] {
  const takes = (scheme: SchemeName): boolean => security.some(requirement => requirement[scheme]);
  if (takes('apiKey')) return [path.startsWith('/v1/') ? '-H "Authorization: Bearer $KEY"' : '-H "API-KEY: $KEY"'];
  if (takes('person')) return ['-H "Authorization: Bearer $TOKEN"'];
  return takes('signature') ? ['-H "Stripe-Signature: $SIGNATURE"'] : [];
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
