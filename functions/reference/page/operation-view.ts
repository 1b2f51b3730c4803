/** One operation of the reference page. Pure. */

import { REFUSALS, type RefusalKind } from '../../catalogue/refusal.ts';
import type { Method, Operation, Parameter, Schema } from '../openapi/model.ts';
import { commandsOf, jsonOf } from './curl.ts';
import { type Html, html, prose } from './html.ts';
import { breakable, type Components, membersOf, memberTable, resolved } from './members.ts';

export interface Placed {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

const FORMS: Readonly<Record<string, string>> = {
  'application/json': 'JSON',
  'multipart/form-data': 'multipart',
  'application/x-www-form-urlencoded': 'urlencoded',
};

export function operationView(
  { method, path, operation }: Placed,
  refusals: readonly RefusalKind[],
  components: Components,
): Html {
  const { operationId, summary, description, parameters, requestBody } = operation;
  const commands = commandsOf(method, path, operation);
  const answer = exampleOf(operation);
  return html`<article id="${operationId}">
<h3><a href="#${operationId}"><span class="method ${method}">${method.toUpperCase()}</span> <code>${breakable(path)}</code></a></h3>
<div class="sides"><div>
<p class="summary">${prose(summary)}</p>
<p class="quiet">${prose(description)}</p>
${PLACES.map(([place, title]) =>
  parameterTable(
    title,
    parameters.filter(parameter => parameter.in === place),
  ),
)}
${requestBody && bodyView(requestBody.content)}
${answerView(operation, components)}
${refusalsView(path, refusals)}
</div><div class="samples">
${commands.map(command => html`<pre tabindex="0"><code>${command}</code></pre>`)}
${answer !== undefined && html`<h4>Answer</h4><pre tabindex="0"><code>${jsonOf(answer)}</code></pre>`}
</div></div></article>`;
}

const PLACES = [
  ['path', 'In the path'],
  ['query', 'In the query'],
  ['header', 'Headers'],
] as const;

function parameterTable(title: string, parameters: readonly Parameter[]): Html | undefined {
  if (parameters.length === 0) return undefined;
  const rows = parameters.map(({ name, required, schema, description }) => ({
    name,
    required: required === true,
    schema: { ...schema, ...(description !== undefined && { description }) },
  }));
  return html`<h4>${title}</h4>${memberTable(rows, true)}`;
}

type Content = NonNullable<Operation['requestBody']>['content'];

/** The members of all forms; a file is there only in multipart, which its row says. */
function bodyView(content: Content): Html {
  const forms = Object.keys(content).map(type => FORMS[type] ?? type);
  const json = content['application/json']?.schema ?? {};
  const multipart = content['multipart/form-data']?.schema;
  const files = membersOf(multipart ?? {}).filter(({ schema }) => schema.format === 'binary');
  const own = membersOf(json).map(member => {
    const file = files.find(({ name }) => name === member.name);
    return file
      ? { ...member, schema: { ...member.schema, anyOf: [file.schema, ...(member.schema.anyOf ?? [])] } }
      : member;
  });
  const alone = files.filter(({ name }) => !own.some(member => member.name === name));
  if (own.length + alone.length === 0) return html``;
  const note = forms.length > 1 ? html` <small>${forms.join(', ')}</small>` : html` <small>JSON</small>`;
  const where = (schema: Schema): Schema => ({ ...schema, description: `${schema.description} Multipart only.` });
  return html`<h4>Body${note}</h4>${memberTable([...alone.map(row => ({ ...row, schema: where(row.schema) })), ...own], true)}`;
}

/** The schema of what a success brings: `Resp` in PixVerse's dialect. */
function resultOf({ responses }: Operation): Schema | undefined {
  const schema = responses[200]?.content?.['application/json']?.schema;
  return schema?.oneOf?.[0]?.properties?.Resp ?? schema;
}

function exampleOf({ responses }: Operation): unknown {
  return responses[200]?.content?.['application/json']?.example;
}

function answerView(operation: Operation, components: Components): Html | undefined {
  const result = resultOf(operation);
  const isEnveloped = operation.responses[200]?.content?.['application/json']?.schema?.oneOf !== undefined;
  const title = isEnveloped ? html`Answer: <code>Resp</code>` : html`Answer`;
  if (!result) return otherAnswers(operation);
  const choices = (result.anyOf ?? [result]).map(choice => resolved(choice, components));
  const tables = choices.map(choice => memberTable(membersOf(choice), false));
  if (choices.every(({ properties }) => Object.keys(properties ?? {}).length === 0)) return undefined;
  const names = (result.anyOf ?? []).map(({ $ref = '' }) => $ref.split('/').at(-1));
  return html`<details><summary>${title}</summary>${tables.map(
    (table, index) => html`${names[index] !== undefined && html`<h5>${names[index]}</h5>`}${table}`,
  )}</details>`;
}

/** Answers that are no JSON. */
function otherAnswers({ responses }: Operation): Html {
  const rows = Object.entries(responses).filter(([status]) => Number(status) < 400);
  return html`<h4>Answer</h4><ul>${rows.map(
    ([status, { description = '', content = {} }]) =>
      html`<li><code>${status}</code> ${Object.keys(content).map(type => html`<code>${type}</code> `)}${prose(description)}</li>`,
  )}</ul>`;
}

function refusalsView(path: string, kinds: readonly RefusalKind[]): Html {
  const isProblem = path.startsWith('/v1/');
  const rows = kinds.map(kind => {
    const { pixverse, http } = REFUSALS[kind];
    return html`<li><a href="docs/problems#${kind}"><code>${isProblem ? http : pixverse}</code> ${kind}</a></li>`;
  });
  return html`<details><summary>Refusals</summary><ul class="refusals">${rows}</ul></details>`;
}
