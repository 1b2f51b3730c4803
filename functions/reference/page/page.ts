/** The reference page: one HTML document, generated from the OpenAPI document. Pure. */
import type { RefusalKind } from '../../catalogue/refusal.ts';
import type { Method, OpenApi, Operation } from '../openapi/model.ts';
import { guide } from './guide.ts';
import { Html, html, prose } from './html.ts';
import { breakable, membersOf, memberTable } from './members.ts';
import { operationView, type Placed } from './operation-view.ts';
import { STYLE } from './style.ts';

/** The drum of a mutoscope: pictures around an axle. */
const MARK = html`<svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><circle cx="16" cy="16" r="3.2"/><path d="M16 11V3M19.5 12.5l5.7-5.7M21 16h8M19.5 19.5l5.7 5.7M16 21v8M12.5 19.5l-5.7 5.7M11 16H3M12.5 12.5 6.8 6.8"/><circle cx="16" cy="16" r="13.5"/></svg>`;

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='16' cy='16' r='14' fill='%23b8640f'/%3E%3Ccircle cx='16' cy='16' r='4' fill='%23fff'/%3E%3C/svg%3E";

export function referencePage(document: OpenApi): string {
  const operations = placedOperations(document);
  const { components, tags, info } = document;
  const sections = tags.map(tag => {
    const own = operations.filter(({ operation }) => operation.tags[0] === tag.name);
    const views = own.map(placed => operationView(placed, tag['x-refusals'] as RefusalKind[], components.schemas));
    return html`<section id="${slug(tag.name)}"><h2>${tag.name}</h2><p class="lead">${prose(tag.description)}</p>${views}</section>`;
  });
  const content = html`${guide(document.servers[0]?.url ?? '')}${sections}${objects(document)}
<footer>Mutoscope, API of ${info.version}. Made from <a href="openapi.json">openapi.json</a>, which any OpenAPI 3.1 tool reads.</footer>`;
  return framed({
    title: 'Mutoscope API reference',
    home: 'docs',
    navigation: navigation(document, operations),
    content,
  });
}

/** A page of the reference around its content. */
export function framed(parts: { title: string; home: string; navigation: Html; content: Html }): string {
  const { title, home, navigation: links, content } = parts;
  return html`${new Html('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><link rel="icon" href="${ICON}"><style>${new Html(STYLE)}</style></head>
<body><a class="skip" href="#content">Skip to the content</a><div class="page">
<header class="side"><a class="brand" href="${home}">${MARK}<span>Mutoscope <small>API reference</small></span></a>${links}</header>
<main id="content">${content}</main></div></body></html>`.text;
}

function placedOperations({ paths }: OpenApi): Placed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method as Method,
      path,
      operation: operation as Operation,
    })),
  );
}

function navigation(document: OpenApi, operations: readonly Placed[]): Html {
  const groups = document['x-tagGroups'].map(({ name, tags }) => {
    const items = tags.map(tag => {
      const own = operations.filter(({ operation }) => operation.tags[0] === tag);
      const links = own.map(
        ({ method, path, operation }) =>
          html`<li><a href="#${operation.operationId}"><span class="method ${method}">${SHORT[method]}</span><span>${breakable(shortPath(path))}</span></a></li>`,
      );
      return html`<li><a href="#${slug(tag)}">${tag}</a><ul>${links}</ul></li>`;
    });
    return html`<h2>${name}</h2><ul>${items}</ul>`;
  });
  return html`<nav aria-label="Reference"><details class="menu"><summary>Contents</summary>
<ul><li><a href="#start">Start</a></li><li><a href="#models">Models</a></li><li><a href="docs/problems">Refusals</a></li><li><a href="#objects">Objects</a></li><li><a href="openapi.json">openapi.json</a></li></ul>
${groups}</details></nav>`;
}

const SHORT: Readonly<Record<Method, string>> = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PTCH', delete: 'DEL' };

/** Without what all paths of a dialect have in common. */
function shortPath(path: string): string {
  return path.replace(/^\/openapi\/v2\//, '').replace(/^\/v1\//, '');
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

/** The shared objects, to which types link. */
function objects({ components }: OpenApi): Html {
  const views = Object.entries(components.schemas).map(
    ([
      name,
      schema,
    ]) => html`<article id="object-${name}"><h3><code>${name}</code></h3><p>${prose(schema.description ?? '')}</p>
${membersOf(schema).length > 0 && memberTable(membersOf(schema), false)}</article>`,
  );
  return html`<section id="objects"><h2>Objects</h2>${views}</section>`;
}
