/** The privacy statement as a page in the look of the reference. Pure. */
import { STATEMENT, type Statement } from '../../retention/statement.ts';
import { framed } from './frame.ts';
import { type Html, html, prose, scrolling } from './html.ts';
import type { Site } from './site.ts';

const NEARNESS: Readonly<Record<Statement['records'][number]['members'][number]['nearness'], string>> = {
  identity: 'says who you are',
  content: 'is yours',
  // Words enough: most members of most records are ids of ours.
  pseudonym: '',
  fact: '',
};

export function privacyPage(site: Site): string {
  const { links } = site;
  const { promises, rights, records, files, logs, statistics, backups, contact } = STATEMENT;
  const content = html`<h1>Privacy</h1>
<p class="lead">What we know of you, why, how long, and who sees it. Questions: ${contact}.</p>
<section id="promises"><h2>In short</h2>${promises.map(words => html`<p>${words}</p>`)}</section>
<section id="rights"><h2>What you may do</h2><dl class="members">${rights.map(
    ({ right, how }) => html`<div><dt>${right}</dt><dd>${linked(how, site)}</dd></div>`,
  )}</dl></section>
<section id="records"><h2>Records</h2><p class="quiet">Everything that a table holds, member by member. Marked is what says who you are, and what you wrote, uploaded or had made.</p>${records.map(record => recordView(record))}</section>
<section id="files"><h2>Files</h2>${scrolling(
    'Files and when they end',
    html`<table class="matrix"><thead><tr><th scope="col">File</th><th scope="col">Ends</th></tr></thead><tbody>${files.map(
      ({ what, ends }) => html`<tr><th scope="row">${what}</th><td>${prose(ends, links)}</td></tr>`,
    )}</tbody></table>`,
  )}</section>
<section id="logs"><h2>Logs and statistics</h2><p>${statistics}</p><p>Lines of our logs name accounts and videos by ids of ours, and say of a call its route, its result and the address that it came from. They are kept for some weeks. They may say: ${logs
    .map(words => words.replace(/\.$/, '').replace(/^./, first => first.toLowerCase()))
    .join('; ')}.</p></section>
<section id="backups"><h2>Backups</h2><p>${backups}</p></section>
<p class="quiet">The same as data: <a href="${links.privacyData}">/v1/privacy</a>.</p>`;
  return framed(site, { title: 'Privacy: Mutoscope', content });
}

function recordView({ about, why, from, seen_by, kept, members }: Statement['records'][number]): Html {
  return html`<article><h3>${about}</h3><dl class="members">
<div><dt>Why</dt><dd>${sentences(why)}</dd></div><div><dt>From</dt><dd>${sentences(from)}</dd></div>
<div><dt>Seen by</dt><dd>${sentences(seen_by)}</dd></div><div><dt>Kept</dt><dd>${capital(kept)}.</dd></div></dl>${
    members.length > 0 &&
    html`<details><summary>${members.length === 1 ? 'One member' : `${members.length} members`}</summary><dl class="members">${members.map(
      ({ name, what, nearness }) =>
        html`<div><dt><code>${name}</code>${NEARNESS[nearness] !== '' && html` <b>${NEARNESS[nearness]}</b>`}</dt><dd>${what}</dd></div>`,
    )}</dl></details>`
  }</article>`;
}

const capital = (text: string): string => text.replace(/^./, first => first.toUpperCase());
const sentences = (texts: readonly string[]): string => `${capital(texts.join('; '))}.`;

/** Calls in the words lead to the reference. */
function linked(words: string, { links }: Site): Html {
  const calls = /((?:GET|POST|PUT|PATCH|DELETE) \/v1\/[\w/{}]+)/;
  return html`${words.split(calls).map(part => {
    const target = calls.test(part) ? links.named(part) : undefined;
    if (!calls.test(part)) return part;
    return target === undefined ? html`<code>${part}</code>` : html`<a href="${target}"><code>${part}</code></a>`;
  })}`;
}
