/** The page of refusals: where the `type` of a problem leads. Pure. */
import { AT_THE_GATE, EXPLAINED } from '../openapi/refusals.ts';
import { type Html, html, prose } from './html.ts';
import { framed } from './page.ts';

interface Entry {
  readonly code: string;
  readonly errCodes: readonly number[];
  readonly statuses: readonly number[];
  readonly meaning: string;
}

export function problemsPage(): string {
  const navigation = html`<nav aria-label="Reference"><ul><li><a href="../docs">The reference</a></li></ul></nav>`;
  const content = html`<h1>Refusals</h1>
<p class="lead">A refused call changes nothing: nothing is charged, stored or started.</p>
<p>Under <code>/openapi/v2</code> a refusal is HTTP 200 with <code>ErrCode</code> and words in <code>ErrMsg</code>; under <code>/v1</code> it is a problem (RFC 9457) with the status and <code>code</code>. What is refused before a route is reached has its status in either dialect, and a body that is both.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Refusals"><table class="matrix"><thead><tr><th scope="col">code</th><th scope="col">ErrCode</th><th scope="col">Status</th><th scope="col">What it means, and what to do</th></tr></thead><tbody>${entries().map(row)}</tbody></table></div>`;
  return framed({ title: 'Refusals: Mutoscope API reference', home: '../docs', navigation, content });
}

function row({ code, errCodes, statuses, meaning }: Entry): Html {
  return html`<tr id="${code}"><th scope="row"><code>${code}</code></th><td>${errCodes.join(', ')}</td><td>${statuses.join(', ')}</td><td>${prose(meaning)}</td></tr>`;
}

/** By code: the same refusal may come from the route and from before it. */
function entries(): Entry[] {
  const byCode = Map.groupBy([...EXPLAINED, ...AT_THE_GATE], ({ code }) => code);
  return [...byCode].map(([code, explained]) => ({
    code,
    errCodes: [...new Set(explained.flatMap(({ errCodes }) => errCodes))],
    statuses: [...new Set(explained.map(({ status }) => status))],
    meaning: explained[0]?.meaning ?? '',
  }));
}
