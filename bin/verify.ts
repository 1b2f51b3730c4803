/** `npm run verify -- <file-or-address>`: whether a certificate of deletion is as it was issued, and what it says, in plain words. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { keySet } from '../functions/certificates/signature.ts';
import { filesIn, type Verification, verifyCertificate } from '../functions/certificates/verified-certificate.ts';
import { sectionsOf } from '../functions/certificates/words.ts';

const HELP = `npm run -s verify -- <certificate> [--keys <key set>] [--manifest <file>] [--authority <file>]

<certificate>  a file: the JSON of GET /v1/certificates/{id}, its certificate.json, or its PDF; or the address of one
--keys         the platform's public keys, /.well-known/jwks.json, as a file or an address; known of an address
--manifest     a part of the manifest, as a file; once for each. A small PDF has it, and an address leads to it
--authority    certificates in PEM whose time stamps you trust; without it a time stamp is not compared with any

With files alone it asks nobody. It ends with 0 where the certificate is valid with all that it lists, with 1 where it is
not, and with 2 where it cannot be looked at.
`;

const ADDRESS = /^https?:\/\//;
const TIMEOUT_MS = 30_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      keys: { type: 'string' },
      manifest: { type: 'string', multiple: true, default: [] },
      authority: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [of, ...more] = positionals;
  if (values.help) return void process.stdout.write(HELP);
  if (of === undefined || more.length > 0) throw new Error(`name one certificate\n\n${HELP}`);
  const files = filesIn(await read(of));
  const set = values.keys ?? keySetOf(of);
  const { keys } = keySet.parse(JSON.parse((await read(set)).toString()));
  // Whoever gives a file may be without a network: its links are not followed.
  const linked = ADDRESS.test(of) ? files.manifestUrls : [];
  const parts = await Promise.all([...values.manifest, ...linked].map(async part => (await read(part)).toString()));
  const trusted = values.authority.map(file => readFileSync(file));
  const verification = verifyCertificate({ ...files, parts: [...files.parts, ...parts] }, { keys, trusted });
  process.stdout.write(wordsOf(verification, set));
  if (problemsOf(verification).length > 0) process.exitCode = 1;
}

/** Where the keys are of the platform at whose address a certificate is. */
function keySetOf(certificate: string): string {
  const [, base] = /^(https?:\/\/.+)\/v1\/certificates\/[^/]+(?:\/pdf)?$/.exec(certificate) ?? [];
  if (base === undefined)
    throw new Error('name the public keys with --keys: they are at /.well-known/jwks.json of the platform');
  return `${base}/.well-known/jwks.json`;
}

async function read(from: string): Promise<Buffer> {
  if (!ADDRESS.test(from)) return readFileSync(from);
  const answer = await fetch(from, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${from} answers ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** What keeps it from being valid, a list that nobody looked at included. */
function problemsOf({ problems, manifest }: Verification): readonly string[] {
  const unseen = 'its manifest was not looked at: name its parts with --manifest';
  return problems.length === 0 && manifest === 'not_given' ? [unseen] : problems;
}

function wordsOf(verification: Verification, set: string): string {
  const { certificate, kid, stamp } = verification;
  const problems = problemsOf(verification);
  const lines = problems.length === 0 ? ['VALID'] : ['NOT VALID', ...problems.map(problem => `  ${problem}`)];
  if (certificate) {
    const { id, issuer, issued_at, time_stamp } = certificate;
    lines.push('', `Certificate ${id}, issued by ${issuer} at ${issued_at}`);
    lines.push(`Signed with the key ${kid} of ${set}`);
    if (time_stamp === 'none') lines.push('It has no time stamp.');
    if (stamp) {
      const compared = stamp.trusted ? 'which you trust' : 'which was compared with none that you trust';
      lines.push(`Its time was stamped at ${stamp.at} by ${stamp.authority}, ${compared}`);
    }
    for (const { title, lines: said } of sectionsOf(certificate))
      lines.push('', title, ...said.map(line => `  ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

main().catch(error => {
  process.stderr.write(`Not looked at: ${(error as Error).message}\n`);
  process.exitCode = 2;
});
