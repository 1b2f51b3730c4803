/** What the first page of the reference says before the routes: the first call, how both dialects speak, and the models. Pure. */

import { MODELS, type Model } from '../../catalogue/models.ts';
import { priceOf } from '../../catalogue/prices.ts';
import { QUALITIES, type Quality } from '../../catalogue/video-request.ts';
import { type Html, html, sample, scrolling } from './html.ts';
import type { Links } from './links.ts';
import type { Site } from './site.ts';

export function guide({ baseUrl, links }: Site): Html {
  return html`<h1>Make video from words, pictures and films</h1>
<p class="lead">The API of this Mutoscope platform, in two dialects over the same jobs, credits and keys.</p>
<section id="start"><h2>Start</h2>
<div class="sides"><div>
<p class="summary">Ask for a video, poll its result, follow the link.</p>
<p>A client written for either dialect works after changing its base URL and its key.</p>
<dl>
<dt>PixVerse dialect <code>/openapi/v2</code></dt>
<dd>As the PixVerse Platform API speaks. Each answer is HTTP 200 with <code>ErrCode</code>, <code>ErrMsg</code> and <code>Resp</code>; <code>ErrCode</code> 0 is a success. Unknown members are passed over, and <code>null</code> is as good as left out.</dd>
<dt>Videos dialect <code>/v1/videos</code></dt>
<dd>As the official <code>openai</code> clients call it. HTTP's own statuses; a refusal is a problem (RFC 9457). Unknown members are refused.</dd>
<dt>Keys</dt>
<dd>In either dialect as <code>API-KEY: …</code> or <code>Authorization: Bearer …</code>. A key has permissions; each call says which it needs.</dd>
<dt>People</dt>
<dd><a href="${links.signIn}">Sign in</a> to get an access token, and send it as <code>Authorization: Bearer …</code>. What manages accounts, keys and money takes a token alone; each call says whose.</dd>
<dt>Refusals</dt>
<dd>Say what was wrong, where, and what would be right. A refused call changes nothing: nothing is charged, stored or started. <a href="${links.page('problems')}">All refusals</a>.</dd>
<dt>Answers</dt>
<dd>May get more members at any time: pass over those that you do not know. Links to files live for 15 minutes; ask again for a new one.</dd>
</dl></div><div class="samples"><h3>With curl</h3>${sample(
    'A first video with curl',
    CURL.replace('$BASE', () => baseUrl),
  )}<h3>With the official client</h3>${sample(
    'A first video with the official client',
    CLIENT.replace('$BASE', () => baseUrl),
  )}</div></div></section>
${models(links)}`;
}

const CURL = `export API=$BASE
export KEY=mut_…

curl "$API/openapi/v2/video/text/generate" \\
  -H "API-KEY: $KEY" \\
  -H 'content-type: application/json' \\
  -d '{
  "prompt": "a lighthouse at dawn, waves",
  "model": "v6",
  "duration": 5,
  "quality": "540p",
  "aspect_ratio": "16:9"
}'

curl "$API/openapi/v2/video/result/<video_id>" \\
  -H "API-KEY: $KEY"`;

const CLIENT = `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '$BASE/v1',
  apiKey: 'mut_…',
});
const video = await client.videos.create({
  prompt: 'a lighthouse at dawn, waves',
  seconds: '4',
});`;

/** Quality and length of which the table says the price. */
const PRICED = [
  ['540p', 5],
  ['1080p', 5],
] as const;

function models(links: Links): Html {
  const table = html`<table class="matrix"><thead><tr><th scope="col">Model</th><th scope="col">Seconds</th><th scope="col">Aspect ratios</th><th scope="col">Makes</th><th scope="col">Besides</th>${PRICED.map(
    ([quality, seconds]) => html`<th scope="col" class="number">${seconds} s ${quality}</th>`,
  )}</tr></thead><tbody>${MODELS.map(model => row(model))}</tbody></table>`;
  return html`<section id="models"><h2>Models</h2>
<p>What each model makes, and the credits that 5 seconds without sound cost. <code>dry_run</code> of <a href="${links.operation('createVideo')}"><code>POST /v1/videos</code></a> prices any other request.</p>
${scrolling('Models', table)}</section>`;
}

function row(model: Model): Html {
  const price = (quality: Quality, seconds: number): number =>
    priceOf({
      model: model.name,
      quality,
      durationSeconds: seconds,
      motion: 'normal',
      audio: false,
      soundEffect: false,
    });
  const made = model.functions.map(name => name.replaceAll('_', ' ').replace(' to video', '')).join(', ');
  return html`<tr><th scope="row"><code>${model.name}</code></th><td>${secondsOf(model)}</td><td>${model.aspectRatios.join(' ')}</td><td>${made}</td><td>${besides(model)}</td>${PRICED.map(
    ([quality, seconds]) => html`<td class="number">${price(quality, seconds)}</td>`,
  )}</tr>`;
}

/** Qualities of the same lengths together. */
function secondsOf({ durations }: Model): Html {
  const groups = Map.groupBy(QUALITIES, quality => lengths(durations[quality]));
  const all = groups.size === 1;
  return html`${[...groups].map(([seconds, qualities]) => html`${seconds}${!all && html` <small>${span(qualities)}</small>`}<br>`)}`;
}

/** `5, 8`, or `1 to 15` where none is left out. */
function lengths(seconds: readonly number[]): string {
  const [first = 0, last = 0] = [seconds[0], seconds.at(-1)];
  return seconds.length > 2 && last - first === seconds.length - 1 ? `${first} to ${last}` : seconds.join(', ');
}

function span(qualities: readonly Quality[]): string {
  return qualities.length > 2 ? `${qualities[0]} to ${qualities.at(-1)}` : qualities.join(', ');
}

function besides(model: Model): string {
  const offers = [
    [model.audio, 'sound of its own'],
    [model.soundEffect, 'sound effects'],
    [model.speech, 'speech'],
    [model.multiClip, 'several shots'],
    [model.thinking, 'thinking'],
    [model.fastMotion, 'fast motion'],
    [model.camera, 'camera moves'],
    [model.styles.length > 0, 'styles'],
  ] as const;
  return offers.flatMap(([offered, name]) => (offered ? [name] : [])).join(', ');
}
