/** `npm run token -- <role>`: signs in as one of this machine's people and prints an access token for /v1, or a code for the page. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type LocalJson, localJsonOf, ROLES, writeLocalJson } from './local/local-json.ts';
import { type Authenticator, nextCode, type SignIn, signIn } from './local/sign-in.ts';

const HELP = `npm run -s token -- <role>            prints a token for /v1, good for half an hour
npm run -s token -- <role> --code     prints a code of the role's authenticator, for the sign-in page in a browser

<role> is one of ${ROLES.join(', ')}. The platform must be running (npm start), with the same
MUTOSCOPE_DATA_DIR where that is set. For example:
  curl -s http://127.0.0.1:4480/v1/audit -H "authorization: Bearer $(npm run -s token -- developer)"
`;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dataDir = resolve(process.env.MUTOSCOPE_DATA_DIR || join(root, '.mutoscope'));

async function main(): Promise<void> {
  const role = ROLES.find(name => name === process.argv[2]);
  if (!role) {
    process.stderr.write(HELP);
    process.exitCode = process.argv[2] === '--help' ? 0 : 1;
    return;
  }
  const local = readLocal();
  const person = local.people[role];
  const { region, credentials, awsEndpoints } = local;
  const endpoint = awsEndpoints['cognito-idp'] ?? '';
  const client = new CognitoIdentityProviderClient({ region, credentials, endpoint });
  const { printed, authenticator } = process.argv.includes('--code')
    ? await codeOf(role, { client, ...person })
    : await tokenOf({ client, ...person });
  // The authenticator remembers its secret, and which code it gave last.
  const people = { ...local.people, [role]: { ...person, ...(authenticator && { authenticator }) } };
  writeLocalJson(dataDir, { ...local, people });
  process.stdout.write(`${printed}\n`);
  client.destroy();
}

async function tokenOf(user: SignIn): Promise<{ printed: string; authenticator: Authenticator | undefined }> {
  const { accessToken, authenticator } = await signIn(user);
  return { printed: accessToken, authenticator };
}

/** Where nobody has set up an authenticator yet, a sign-in does. */
async function codeOf(role: string, user: SignIn): Promise<{ printed: string; authenticator: Authenticator }> {
  const authenticator = user.authenticator ?? (await signIn(user)).authenticator;
  if (!authenticator) throw new Error(`a ${role} signs in without a second factor`);
  return { printed: await nextCode({ ...user, authenticator }), authenticator };
}

function readLocal(): LocalJson {
  const file = localJsonOf(dataDir);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LocalJson;
  } catch (error) {
    throw new Error(
      `${file} cannot be read (${(error as Error).message}): npm start writes it, where MUTOSCOPE_DATA_DIR of both is the same`,
    );
  }
}

main().catch(error => {
  process.stderr.write(`No token: ${(error as Error).message}. Is the platform running (npm start)?\n`);
  process.exit(1);
});
