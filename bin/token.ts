/** `npm run token -- <role>`: signs in as one of this machine's people and prints an access token for /v1. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { RoleName } from './local/people.ts';
import type { LocalJson } from './local/seed.ts';
import { signIn } from './local/sign-in.ts';

const ROLES = ['developer', 'reviewer', 'operator', 'finance'] as const satisfies RoleName[];
const HELP = `npm run -s token -- <role>     prints a token for /v1, good for half an hour

<role> is one of ${ROLES.join(', ')}. The platform must be running (npm start). For example:
  curl -s http://127.0.0.1:4480/v1/audit -H "authorization: Bearer $(npm run -s token -- developer)"
`;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(resolve(process.env.MUTOSCOPE_DATA_DIR || join(root, '.mutoscope')), 'local.json');

async function main(): Promise<void> {
  const role = ROLES.find(name => name === process.argv[2]);
  if (!role) {
    process.stderr.write(HELP);
    process.exitCode = process.argv[2] === '--help' ? 0 : 1;
    return;
  }
  const local = JSON.parse(readFileSync(file, 'utf8')) as LocalJson;
  const person = local.people[role];
  const { region, credentials, awsEndpoints } = local;
  const endpoint = awsEndpoints['cognito-idp'] ?? '';
  const client = new CognitoIdentityProviderClient({ region, credentials, endpoint });
  const { accessToken, authenticator } = await signIn({ client, ...person });
  // The authenticator remembers its secret, and which code it gave last.
  const people = { ...local.people, [role]: { ...person, ...(authenticator && { authenticator }) } };
  writeFileSync(file, `${JSON.stringify({ ...local, people }, null, 2)}\n`, { mode: 0o600 });
  process.stdout.write(`${accessToken}\n`);
  client.destroy();
}

main().catch(error => {
  process.stderr.write(`No token: ${(error as Error).message}. Is the platform running (npm start)?\n`);
  process.exit(1);
});
