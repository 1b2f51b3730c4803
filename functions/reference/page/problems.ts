/** The page of refusals: where the `type` of a problem leads. Pure. */
import { AT_THE_GATE, EXPLAINED } from '../openapi/refusals.ts';
import { type Html, html, prose } from './html.ts';
import type { Links } from './links.ts';
import { breakable } from './members.ts';
import type { Site } from './site.ts';

interface Entry {
  readonly code: string;
  readonly errCodes: readonly number[];
  readonly statuses: readonly number[];
  readonly meaning: string;
}

export function problems({ links }: Site): Html {
  return html`<h1>Refusals</h1>
<p class="lead">A refused call changes nothing: nothing is charged, stored or started.</p>
<p>Under <code>/openapi/v2</code> a refusal is HTTP 200 with <code>ErrCode</code> and words in <code>ErrMsg</code>; under <code>/v1</code> it is a problem (RFC 9457) with the status and <code>code</code>. What is refused before a route is reached has its status in either dialect, and a body that is both.</p>
<dl class="members">${explained().map(entry => row(entry, links))}</dl>`;
}

function row({ code, errCodes, statuses, meaning }: Entry, links: Links): Html {
  return html`<div id="${code}"><dt><a href="#${code}"><code>${breakable(code)}</code></a></dt><dd><span class="type">ErrCode ${errCodes.join(', ')}; status ${statuses.join(', ')}</span><p>${prose(meaning, links)}</p></dd></div>`;
}

/** By code: the same refusal may come from the route and from before it. */
export function explained(): Entry[] {
  const byCode = Map.groupBy([...EXPLAINED, ...AT_THE_GATE], ({ code }) => code);
  return [...byCode].map(([code, same]) => ({
    code,
    errCodes: [...new Set(same.flatMap(({ errCodes }) => errCodes))],
    statuses: [...new Set(same.map(({ status }) => status))],
    meaning: same[0]?.meaning ?? '',
  }));
}
