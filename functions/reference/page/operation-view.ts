/** One operation of the reference page. Pure. */

import { REFUSALS } from '../../catalogue/refusal.ts';
import type { Answer, Operation, Parameter, Schema } from '../openapi/model.ts';
import { commandsOf, jsonOf } from './curl.ts';
import { type Html, html, prose, sample } from './html.ts';
import type { Links } from './links.ts';
import { breakable, type Components, memberList, membersOf, resolved } from './members.ts';
import type { Placed, Section } from './site.ts';

const FORMS: Readonly<Record<string, string>> = {
  'application/json': 'JSON',
  'multipart/form-data': 'multipart',
  'application/x-www-form-urlencoded': 'urlencoded',
};

export function operationView({ method, path, operation }: Placed, components: Components, links: Links): Html {
  const { operationId, summary, description, parameters, requestBody } = operation;
  const commands = commandsOf(method, path, operation);
  const answer = exampleOf(operation);
  return html`<article id="${operationId}">
<h2><a href="#${operationId}"><span class="method ${method}">${method.toUpperCase()}</span> <code>${breakable(path)}</code></a></h2>
<div class="sides"><div>
<p class="summary">${prose(summary, links)}</p>
<p class="quiet">${prose(description, links)}</p>
${PLACES.map(([place, title]) =>
  parameterList(
    title,
    parameters.filter(parameter => parameter.in === place),
    links,
  ),
)}
${requestBody && bodyView(requestBody.content, links)}
${answerView(operation, components, links)}
</div><div class="samples"><h3>Call</h3>${commands.map(command => sample(`Call of ${operationId}`, command))}
${answer !== undefined && html`<h3>Answer</h3>${sample(`Answer of ${operationId}`, jsonOf(answer))}`}
</div></div></article>`;
}

const PLACES = [
  ['path', 'In the path'],
  ['query', 'In the query'],
  ['header', 'Headers'],
] as const;

function parameterList(title: string, parameters: readonly Parameter[], links: Links): Html | undefined {
  if (parameters.length === 0) return undefined;
  const rows = parameters.map(({ name, required, schema, description }) => ({
    name,
    required: required === true,
    schema: { ...schema, ...(description !== undefined && { description }) },
  }));
  return html`<h3>${title}</h3>${memberList(rows, true, links)}`;
}

type Content = NonNullable<Operation['requestBody']>['content'];

/** The members of all forms; a file is there only in multipart, which its row says. */
function bodyView(content: Content, links: Links): Html {
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
  const rows = [...alone.map(row => ({ ...row, schema: where(row.schema) })), ...own];
  return html`<h3>Body${note}</h3>${memberList(rows, true, links)}`;
}

/** What a success brings as JSON, whatever its status. */
function success({ responses }: Operation): Answer | undefined {
  const successes = Object.entries(responses).filter(([status]) => Number(status) < 300);
  return successes.map(([, answer]) => answer).find(({ content }) => content?.['application/json']);
}

/** The schema of what a success brings: `Resp` in PixVerse's dialect. */
export function resultOf(operation: Operation): Schema | undefined {
  const schema = success(operation)?.content?.['application/json']?.schema;
  return schema?.oneOf?.[0]?.properties?.Resp ?? schema;
}

function exampleOf(operation: Operation): unknown {
  return success(operation)?.content?.['application/json']?.example;
}

function answerView(operation: Operation, components: Components, links: Links): Html | undefined {
  const result = resultOf(operation);
  const isEnveloped = success(operation)?.content?.['application/json']?.schema?.oneOf !== undefined;
  const title = isEnveloped ? html`Answer: <code>Resp</code>` : html`Answer`;
  if (!result) return otherAnswers(operation, links);
  const choices = (result.anyOf ?? [result]).map(choice => resolved(choice, components));
  const lists = choices.map(choice => memberList(membersOf(choice), false, links));
  if (choices.every(({ properties }) => Object.keys(properties ?? {}).length === 0)) return undefined;
  const names = (result.anyOf ?? []).map(({ $ref = '' }) => $ref.split('/').at(-1));
  return html`<details><summary>${title}</summary>${lists.map(
    (list, index) => html`${names[index] !== undefined && html`<h3>${names[index]}</h3>`}${list}`,
  )}</details>`;
}

/** Answers that are no JSON. */
function otherAnswers({ responses }: Operation, links: Links): Html {
  const rows = Object.entries(responses).filter(([status]) => Number(status) < 400);
  return html`<h3>Answer</h3><ul>${rows.map(
    ([status, { description = '', content = {} }]) =>
      html`<li><code>${status}</code> ${Object.keys(content).map(type => html`<code>${type}</code> `)}${prose(description, links)}</li>`,
  )}</ul>`;
}

/** What the operations of a page may refuse, with the code of their dialect. */
export function refusalsView({ operations, refusals }: Section, links: Links): Html {
  const isProblem = operations.every(({ path }) => path.startsWith('/v1/'));
  const rows = refusals.map(kind => {
    const { pixverse, http } = REFUSALS[kind];
    return html`<li><code>${isProblem ? http : pixverse}</code> <a href="${links.refusal(kind)}">${kind}</a></li>`;
  });
  return html`<section id="refusals"><h2>What these may refuse</h2><p>By ${isProblem ? html`status and <code>code</code>` : html`<code>ErrCode</code>`}; and what <a href="${links.page('problems')}">any call</a> may be refused for before it is reached.</p><ul class="refusals">${rows}</ul></section>`;
}
