/** `eval "$(npm run -s env)"`: what a shell needs so that the aws CLI, any SDK and the README's calls mean this platform. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellEnvironment } from './local/shell-environment.ts';

const HELP = `eval "$(npm run -s env)"   points this shell's aws CLI, version 1 or 2, and SDKs at the platform on this machine

It sets AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and unsets AWS_PROFILE
and AWS_SESSION_TOKEN, which would speak of another account; API and KEY are of the README's calls. npm start must have run.
`;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(resolve(process.env.MUTOSCOPE_DATA_DIR || join(root, '.mutoscope')), 'local.json');

function main(): void {
  if (process.argv.length > 2) return void process.stderr.write(HELP);
  process.stdout.write(`${shellEnvironment(JSON.parse(readFileSync(file, 'utf8')))}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(
    `No environment: ${(error as Error).message}. Has the platform been started (npm start), and with this MUTOSCOPE_DATA_DIR?\n`,
  );
  process.exit(1);
}
