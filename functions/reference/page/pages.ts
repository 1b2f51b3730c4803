/** The pages of the reference by their names. Pure. */

import { framed } from './frame.ts';
import { guide } from './guide.ts';
import { type Html, html, prose } from './html.ts';
import { anchorOf, OBJECTS, REFUSALS_PAGE } from './links.ts';
import { breakable, memberList, membersOf } from './members.ts';
import { operationView, refusalsView } from './operation-view.ts';
import { problems } from './problems.ts';
import { type Found, find, QUERY_LENGTH } from './search.ts';
import type { Placed, Section, Site } from './site.ts';

const TITLE = 'Mutoscope API reference';

/** Names of all pages but the first. */
export function pageNames({ sections }: Site): string[] {
  return [...sections.map(section => section.slug), OBJECTS, REFUSALS_PAGE];
}

/** One of these pages. */
export function pageOf(site: Site, name: string): string {
  const section = site.sections.find(each => each.slug === name);
  if (section) return framed(site, { title: `${section.name}: ${TITLE}`, name, content: operations(site, section) });
  if (name === OBJECTS) return framed(site, { title: `Objects: ${TITLE}`, name, content: objects(site) });
  if (name === REFUSALS_PAGE) return framed(site, { title: `Refusals: ${TITLE}`, name, content: problems(site) });
  throw new Error(`the reference has no page ${name}`);
}

/** The first page: how to begin, the models, and every operation with what it does. */
export function homePage(site: Site): string {
  const { groups, links, document } = site;
  const index = groups.map(
    ({ name, sections }) => html`<section><h3>${name}</h3>${sections.map(section => indexed(site, section))}</section>`,
  );
  const names = Object.keys(document.components.schemas);
  const content = html`${guide(site)}
<section id="operations"><h2>All operations</h2><p class="quiet" role="status"></p>${index}</section>
<section id="objects"><h2>Objects</h2><ul class="names">${names.map(
    name => html`<li id="${anchorOf(name)}"><a href="${links.object(name)}">${name}</a></li>`,
  )}</ul></section>`;
  return framed(site, { title: TITLE, content });
}

function indexed({ links }: Site, { name, slug, about, operations: own }: Section): Html {
  const rows = own.map(({ method, path, operation: { operationId, summary } }) => {
    const call = html`<span class="method ${method}">${method.toUpperCase()}</span> <code>${breakable(path)}</code>`;
    return html`<li id="${operationId}"><a href="${links.operation(operationId)}">${call}</a><p>${prose(summary, links)}</p></li>`;
  });
  return html`<section id="${slug}"><h4><a href="${links.page(slug)}">${name}</a></h4><p class="quiet">${prose(about, links)}</p><ul class="index">${rows}</ul></section>`;
}

function operations(site: Site, section: Section): Html {
  const { links, document } = site;
  const { name, about, refusals } = section;
  const views = section.operations.map(placed => operationView(placed, document.components.schemas, links));
  return html`<h1>${name}</h1><p class="lead">${prose(about, links)}</p>${views}
${refusals.length > 0 && refusalsView(section, links)}${neighbours(site, section)}`;
}

/** The families before and after. */
function neighbours({ sections, links }: Site, section: Section): Html {
  const place = sections.indexOf(section);
  const link = (rel: string, other: Section | undefined): Html | undefined =>
    other && html`<a rel="${rel}" href="${links.page(other.slug)}">${other.name}</a>`;
  return html`<nav class="neighbours" aria-label="Next to it">${link('prev', sections[place - 1])}${link('next', sections[place + 1])}</nav>`;
}

/** The shared objects, to which types link. */
function objects({ document, links }: Site): Html {
  const views = Object.entries(document.components.schemas).map(([name, schema]) => {
    const members = membersOf(schema);
    return html`<article id="${anchorOf(name)}"><h2><a href="#${anchorOf(name)}"><code>${name}</code></a></h2><p>${prose(schema.description ?? '', links)}</p>${
      members.length > 0 && memberList(members, false, links)
    }</article>`;
  });
  return html`<h1>Objects</h1><p class="lead">What several answers and calls have in common.</p>${views}`;
}

/** What is found of the words that a reader typed. */
export function searchPage(site: Site, given: string): string {
  const query = given.slice(0, QUERY_LENGTH).trim();
  const found = find(site, query);
  const said =
    found.length === 0 ? 'Nothing has all these words. Try fewer, or a part of one.' : `${found.length} found`;
  const content = html`<h1>Search</h1><p class="lead" role="status">${said}${query !== '' && html` for <q>${query}</q>`}</p><ul class="index">${found.map(
    each => result(each, site),
  )}</ul>`;
  return framed(site, { title: `Search: ${TITLE}`, query, content });
}

function result({ title, href, words, members }: Found, { links }: Site): Html {
  const names = members.map((name, index) => html`${index > 0 && ', '}<code>${name}</code>`);
  return html`<li><a href="${href}">${typeof title === 'string' ? title : called(title)}</a><p>${prose(words, links)}</p>${
    names.length > 0 && html`<p class="quiet">Members: ${names}</p>`
  }</li>`;
}

function called({ method, path }: Placed): Html {
  return html`<span class="method ${method}">${method.toUpperCase()}</span> <code>${breakable(path)}</code>`;
}

/** Where there is no such page. */
export function unknownPage(site: Site, name: string): string {
  const { links } = site;
  const content = html`<h1>There is no such page</h1><p class="lead">The reference has nothing called <q>${name}</q>. <a href="${links.home}#operations">All operations</a> are on its first page.</p>`;
  return framed(site, { title: `Not found: ${TITLE}`, content });
}
