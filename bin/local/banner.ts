/** What `npm start` prints once everything answers. */
import { relative } from 'node:path';
import { showSignIn } from '../../functions/reference/contract.ts';
import type { LocalCloud } from '../../lib/local/cloud.ts';
import type { LocalJson } from './local-json.ts';

export interface Step {
  readonly name: string;
  readonly ms: number;
}

export function banner(cloud: LocalCloud, local: LocalJson, dataDir: string, steps: readonly Step[]): string {
  const total = steps.reduce((sum, { ms }) => sum + ms, 0);
  const inside = relative(process.cwd(), dataDir);
  const data = inside.startsWith('..') ? dataDir : inside || '.';
  // What browsers ask ahead of a call is no call of anybody's, and HEAD is there wherever GET is.
  const called = cloud.routes.filter(({ method }) => method !== 'OPTIONS' && method !== 'HEAD');
  const routes = called.map(
    ({ method, path, functionName }) => `  ${method.padEnd(6)} ${path.padEnd(48)} ${sourceOf(cloud, functionName)}`,
  );
  return [
    '',
    `  Mutoscope is ready in ${(total / 1000).toFixed(1)} s  (${steps.map(({ name, ms }) => `${name} ${ms} ms`).join(', ')})`,
    '',
    `  API          ${local.apiUrl}`,
    `  API key      ${local.apiKey}`,
    `  Sign in      npm run -s token -- developer   (or operator, reviewer, finance: a token for /v1)`,
    `               ${local.apiUrl}${showSignIn.path}   (in a browser: e-mails and passwords are in ${data}/local.json)`,
    `  Mail         ${cloud.awsUrl}/_mail   (what the platform would have sent)`,
    `  Docs         ${local.apiUrl}/docs   (for machines: /openapi.json)`,
    `  AWS          ${cloud.awsUrl}  (every service; eval "$(npm run -s env)" points the aws CLI at it)`,
    `  Data         ${data}/   logs in ${data}/logs/`,
    '',
    '  Routes, and the source that answers each',
    ...routes,
    '',
    '  Make a video',
    `    npm start -- "a lighthouse at dawn, waves"     (stop this one first), or`,
    `    curl -s ${local.apiUrl}/openapi/v2/video/text/generate -H 'API-KEY: ${local.apiKey}' \\`,
    `      -H 'content-type: application/json' \\`,
    `      -d '{"prompt":"a lighthouse at dawn, waves","model":"v6","duration":5,"quality":"540p","aspect_ratio":"16:9"}'`,
    '',
    '  Pictures come from the preview engine: drawn on the CPU, not by a neural model. Ctrl-C stops.',
    '',
  ].join('\n');
}

/** A function's description in the template is its source. */
function sourceOf(cloud: LocalCloud, functionName = ''): string {
  return cloud.provisioned.resources.find(({ ref }) => ref === functionName)?.properties.Description ?? functionName;
}
