/** What is around every page of the reference: the way to all others, and the search. Pure. */
import type { Method } from '../openapi/model.ts';
import { Html, html } from './html.ts';
import { OBJECTS, REFUSALS_PAGE } from './links.ts';
import { breakable } from './members.ts';
import { SCRIPT } from './script.ts';
import type { Section, Site } from './site.ts';
import { STYLE } from './style.ts';

/** The drum of a mutoscope: pictures around an axle. */
export const MARK = html`<svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><circle cx="16" cy="16" r="3.2"/><path d="M16 11V3M19.5 12.5l5.7-5.7M21 16h8M19.5 19.5l5.7 5.7M16 21v8M12.5 19.5l-5.7 5.7M11 16H3M12.5 12.5 6.8 6.8"/><circle cx="16" cy="16" r="13.5"/></svg>`;

export const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='16' cy='16' r='14' fill='%23b8640f'/%3E%3Ccircle cx='16' cy='16' r='4' fill='%23fff'/%3E%3C/svg%3E";

interface Page {
  readonly title: string;
  /** The name of the page, where the contents have it; its operations are then listed there. */
  readonly name?: string;
  /** What was searched for. */
  readonly query?: string;
  readonly content: Html;
}

export function framed(site: Site, { title, name, query, content }: Page): string {
  const { links, document } = site;
  return html`${new Html('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><link rel="icon" href="${ICON}"><style>${new Html(STYLE)}</style></head>
<body><a class="skip" href="#content">Skip to the content</a><div class="page">
<header class="side"><a class="brand" href="${links.home}">${MARK}<span>Mutoscope <small>API reference</small></span></a>
<form class="search" role="search" action="${links.home}"><label for="q">Search the reference</label><input id="q" name="q" type="search" maxlength="100" value="${query ?? ''}" placeholder="Path, member…" autocomplete="off" spellcheck="false"><button type="submit">Search</button></form>
${contents(site, name)}</header>
<div><main id="content" tabindex="-1">${content}</main>
<footer>Mutoscope, API of ${document.info.version}. Made from <a href="${links.document}">openapi.json</a>, which any OpenAPI 3.1 tool reads. <a href="${links.terms}">Terms of use</a>. <a href="${links.privacy}">Privacy</a></footer></div>
</div><script>${new Html(SCRIPT)}</script></body></html>`.text;
}

function contents({ links, groups }: Site, current: string | undefined): Html {
  const page = (name: string, title: string): Html =>
    html`<li><a href="${links.page(name)}"${name === current && html` aria-current="page"`}>${title}</a></li>`;
  const first = html`<ul><li><a href="${links.home}#start">Start</a></li><li><a href="${links.models()}">Models</a></li><li><a href="${links.home}#operations">All operations</a></li>${page(OBJECTS, 'Objects')}${page(REFUSALS_PAGE, 'Refusals')}<li><a href="${links.document}">openapi.json</a></li></ul>`;
  const rest = groups.map(({ name, sections }, index) => {
    const items = sections.map(section =>
      section.slug === current
        ? html`<li><a href="${links.page(section.slug)}" aria-current="page">${section.name}</a>${own(section)}</li>`
        : page(section.slug, section.name),
    );
    return html`<p id="group-${index}">${name}</p><ul aria-labelledby="group-${index}">${items}</ul>`;
  });
  return html`<nav aria-label="Reference"><details class="menu"><summary>Contents</summary>${first}${rest}</details></nav>`;
}

/** The operations of the page that is read. */
function own({ operations }: Section): Html {
  const items = operations.map(
    ({ method, path, operation }) =>
      html`<li><a href="#${operation.operationId}"><span class="method ${method}">${SHORT[method]}</span> <span>${breakable(shortPath(path))}</span></a></li>`,
  );
  return html`<ul>${items}</ul>`;
}

const SHORT: Readonly<Record<Method, string>> = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PTCH', delete: 'DEL' };

/** Without what all paths of a dialect have in common. */
function shortPath(path: string): string {
  return path.replace(/^\/openapi\/v2\//, '').replace(/^\/v1\//, '');
}
