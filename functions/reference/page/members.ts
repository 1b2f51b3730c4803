/** Members of a schema: name, type, limits, words. Pure. */
import type { OpenApi, Schema } from '../openapi/model.ts';
import { type Html, html, prose } from './html.ts';
import type { Links } from './links.ts';

export type Components = OpenApi['components']['schemas'];

interface Row {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** The members, each with its words; those of objects within follow under their full names. Only a call has required ones. */
export function memberList(rows: readonly Row[], inCall: boolean, links: Links): Html {
  const shown = rows.map(each => ({ ...each, required: each.required && inCall }));
  const all = shown.flatMap(each => unfolded(each, inCall));
  return html`<dl class="members">${all.map(each => row(each, links))}</dl>`;
}

export function membersOf({ properties = {}, required = [] }: Schema): Row[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, schema, required: required.includes(name) }));
}

function row({ name, required, schema }: Row, links: Links): Html {
  const limits = limitsOf(schema);
  return html`<div><dt><code>${breakable(name)}</code>${required && html` <b>required</b>`}</dt>
<dd><span class="type">${typeOf(schema, links)}${limits.length > 0 && html`, ${limits.join(', ')}`}</span>${
    schema.description !== undefined && html`<p>${prose(schema.description, links)}</p>`
  }</dd></div>`;
}

/** A name that may go on to the next line behind its marks. */
export function breakable(name: string): Html {
  return html`${name.split(/(?<=[/_.])/).map((part, index) => (index === 0 ? part : html`<wbr>${part}`))}`;
}

/** Names of members of a schema and of what is within it, for who looks for one. */
export function namesOf(schema: Schema): string[] {
  return membersOf(schema).flatMap(member => unfolded(member, false).map(({ name }) => name));
}

/** The row, and rows for what is within an object or a list of objects. */
function unfolded({ name, required, schema }: Row, inCall: boolean): Row[] {
  const within = (inner: Schema, prefix: string): Row[] =>
    membersOf(inner).flatMap(member =>
      unfolded({ ...member, required: member.required && inCall, name: `${prefix}${member.name}` }, inCall),
    );
  const objects = (schema.anyOf ?? []).filter(({ properties }) => properties);
  return [
    { name, required, schema },
    ...within(schema, `${name}.`),
    ...(schema.items ? within(schema.items, `${name}[].`) : []),
    ...objects.flatMap(inner => within(inner, `${name}.`)),
  ];
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  null: 'null',
};

/** In words, with links to objects that stand elsewhere. */
function typeOf(schema: Schema, links: Links): Html {
  const { $ref, anyOf, items, type, format } = schema;
  if ($ref) {
    const name = nameOf($ref);
    return html`<a href="${links.object(name)}">${name}</a>`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return html`${joined(schema.enum.map(value => html`<code>${shown(value)}</code>`))}`;
  if (anyOf) return joined(dedupe(anyOf.map(choice => typeOf(choice, links))));
  if (type === 'array') return html`list of ${items?.type === 'object' ? 'objects' : typeOf(items ?? {}, links)}`;
  if (format === 'binary') return html`file`;
  if (format === 'uri') return html`URL`;
  if (type === undefined) return html`anything`;
  return joined([type].flat().map(each => html`${TYPES[each] ?? each}`));
}

export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/** The schema itself, or the component that it names. */
export function resolved(schema: Schema, components: Components): Schema {
  return schema.$ref ? { ...components[nameOf(schema.$ref)], ...schema } : schema;
}

function shown(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
}

function joined(parts: readonly Html[]): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html` or ${part}`))}`;
}

function dedupe(parts: readonly Html[]): Html[] {
  return [...new Map(parts.map(part => [part.text, part])).values()];
}

function limitsOf(schema: Schema): string[] {
  const { minLength, maxLength, minItems, maxItems, minimum, exclusiveMinimum, maximum, items } = schema;
  const own = [
    span(minLength && minLength > 1 ? minLength : undefined, maxLength, 'characters'),
    span(minItems, maxItems, 'items'),
    span(minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1), maximum, ''),
  ].filter(text => text !== '');
  const chosen = (schema.anyOf ?? []).flatMap(limitsOf);
  return [...new Set([...own, ...chosen, ...(items ? limitsOf(items).map(text => `each ${text}`) : [])])];
}

function span(least: number | undefined, most: number | undefined, unit: string): string {
  const words = (value: number): string => `${value.toLocaleString('en')}${unit && ` ${unit}`}`;
  if (least !== undefined && most !== undefined) return `${least.toLocaleString('en')} to ${words(most)}`;
  if (most !== undefined) return `at most ${words(most)}`;
  return least === undefined ? '' : `at least ${words(least)}`;
}
