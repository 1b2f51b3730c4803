/** `npm start`: synthesises the CDK app, boots its template on this machine, and with a prompt also makes that video. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { LocalCloud } from '../lib/local/cloud.ts';
import { explainStorage, storageTrouble } from '../lib/local/storage-trouble.ts';
import type { Step } from './local/banner.ts';
import { claimDataFolder } from './local/data-folder.ts';
import { synthesise } from './local/synthesis.ts';

const HELP = `npm start                      serve the platform on this machine
npm start -- "a prompt"        the same, and make that video, show its progress, save the MP4

Environment
  PORT                  of the API (default 4480; the AWS endpoint and the sign-in pages take the next two; 0 takes
                        free ones)
  MUTOSCOPE_DATA_DIR    where everything is kept (default .mutoscope)
  MUTOSCOPE_*           settings of the stage: see lib/stage.ts
`;

const DEFAULT_PORT = 4480;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dataDir = resolve(process.env.MUTOSCOPE_DATA_DIR || join(root, '.mutoscope'));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void process.stdout.write(HELP);
  const port = readPort(process.env.PORT);
  const stop = stopInOrder();
  claimDataFolder(dataDir);
  const steps: Step[] = [];
  const onStep = (name: string, ms: number): void => void steps.push({ name, ms });

  const before = performance.now();
  const synthesis = callbacksOf(port).then(callbacks => synthesise(root, callbacks));
  // Another process synthesises: the platform is loaded meanwhile.
  const loaded = load();
  const [assembly, { LocalCloud, seed, banner, makeVideo }] = await Promise.all([synthesis, loaded]);
  onStep('synthesis', Math.round(performance.now() - before));
  const ports = { port, awsPort: port && port + 1, oidcPort: port && port + 2 };
  const starting = LocalCloud.start({ assembly, dataDir, ...ports, onStep });
  stop.with(starting);
  const cloud = await starting;
  const seeding = performance.now();
  const { local, trouble } = await seed(cloud, dataDir);
  onStep('seed', Math.round(performance.now() - seeding));
  // Not before: the functions that make the account would wait for the others to load.
  cloud.prewarm();
  process.stdout.write(`${banner(cloud, local, dataDir, steps)}\n`);
  if (trouble !== undefined) process.stdout.write(`${keyTrouble(local.accountId, trouble)}\n`);

  const prompt = positionals.join(' ').trim();
  if (prompt === '') return;
  try {
    const path = await makeVideo(local, prompt, join(dataDir, 'videos'), showLine());
    process.stdout.write(`\n  Saved ${path}\n\n`);
  } catch (error) {
    process.stdout.write(`\n  The video was not made: ${(error as Error).message}\n\n`);
    process.exitCode = 1;
  }
}

async function load() {
  const { LocalCloud } = await import('../lib/local/cloud.ts');
  const { seed } = await import('./local/seed.ts');
  const { banner } = await import('./local/banner.ts');
  const { makeVideo } = await import('./local/make-video.ts');
  return { LocalCloud, seed, banner, makeVideo };
}

/** Where the sign-in pages send a browser back to: this platform's own page, on whatever port it is, and no other address. */
async function callbacksOf(port: number): Promise<Record<string, string>> {
  if (port === DEFAULT_PORT || port === 0 || process.env.MUTOSCOPE_SIGN_IN_CALLBACKS) return {};
  const { showSignIn } = await import('../functions/reference/contract.ts');
  return { signInCallbacks: `http://127.0.0.1:${port}${showSignIn.path}` };
}

function readPort(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_534) return port;
  throw new Error(`PORT must be a number from 0 to 65533, not "${text}"`);
}

/** On a terminal the line is drawn over; elsewhere each new line is printed. */
function showLine(): (line: string) => void {
  let last = '';
  return line => {
    if (line === last) return;
    last = line;
    process.stdout.write(process.stdout.isTTY ? `\r\u001b[K  ${line}` : `  ${line}\n`);
  };
}

function keyTrouble(accountId: string, why: string): string {
  return [
    `  The API key above is not accepted, and the account ${accountId} cannot have another: ${why}.`,
    `  An operator may change that (npm run -s token -- operator); or stop, delete ${dataDir}, and start again.`,
    '',
  ].join('\n');
}

/** Set when the end has begun: what fails from then on fails for that reason. */
let stopping = false;

/**
 * Stops in order when it is told to, and when whoever started it is gone. While the cloud is being started, its start is
 * waited for; before that there is nothing to stop. A second signal ends the process at once.
 */
function stopInOrder(): { with(starting: Promise<LocalCloud>): void } {
  let started: Promise<LocalCloud> | undefined;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    process.stdout.write(`\n  stopping${why}: work in hand is given back, and goes on at the next start ...\n`);
    const cloud = started?.catch(() => undefined);
    Promise.resolve(cloud)
      .then(running => running?.dispose())
      .then(
        () => process.exit(0),
        error => {
          process.stderr.write(`${error}\n`);
          process.exit(1);
        },
      );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop(''));
  process.once('disconnect', () => stop(', as what started it has ended'));
  // It is there to be seen when it closes, and keeps no process alive.
  process.channel?.unref();
  // Nobody reads any more, such as a terminal that was closed: no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return {
    with(starting) {
      started = starting;
    },
  };
}

main().catch(error => {
  if (stopping) return;
  const trouble = storageTrouble(error);
  const { message } = trouble === undefined ? (error as Error) : explainStorage(dataDir, trouble, error);
  process.stderr.write(`\nMutoscope did not start: ${message}\n`);
  process.exit(1);
});
