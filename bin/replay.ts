/** `npm run replay -- <day>`: what the rules that watch use would have done on a recorded day. It changes nothing. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RISK_RULES } from '../functions/catalogue/risk-rules.ts';
import type { DryHit } from '../functions/risk/dry-run.ts';
import { seenInWords } from '../functions/risk/evaluate.ts';
import { parseRules, writeRules } from '../functions/risk/rules-file.ts';
import type { LocalJson } from './local/local-json.ts';

const HELP = `npm run -s replay -- <day>                  what the rules would have done on that UTC day, such as 2026-11-30
npm run -s replay -- <day> --rules <file>   the same with other rules: JSON, in the form that --print-rules prints
npm run -s replay -- --print-rules          the rules of the platform

It reads the audit table account by account, 28 days before the day too, and changes nothing. The platform is that of this
machine (npm start); with --core-table and --audit-table it is the one that AWS's environment variables name.
Calls are recorded for 90 days. Exit status: 0 where no rule was met, 3 where one was, 1 where it could not be done.
`;

const MET = 3;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(resolve(process.env.MUTOSCOPE_DATA_DIR || join(root, '.mutoscope')), 'local.json');

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      rules: { type: 'string' },
      'print-rules': { type: 'boolean' },
      'core-table': { type: 'string' },
      'audit-table': { type: 'string' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values['print-rules']) return void process.stdout.write(writeRules());
  const day = dayOf(positionals);
  const rules = values.rules === undefined ? RISK_RULES : parseRules(readFileSync(values.rules, 'utf8'));
  const tables = tablesOf(values['core-table'], values['audit-table']);
  // After the environment is set: the client of DynamoDB reads it as it is made.
  const { replayDay } = await import('../functions/risk/replay-command.ts');
  let [accounts, calls, met] = [0, 0, 0];
  for await (const { accountId, calls: own, hits } of replayDay({ tables }, { day, rules })) {
    accounts++;
    calls += own;
    if (hits.length > 0 && met === 0) process.stdout.write(row('time', 'rule', 'would have', 'subject', 'seen'));
    for (const hit of hits) process.stdout.write(shown(accountId, hit));
    met += hits.length;
  }
  process.stdout.write(
    `${met > 0 ? '\n' : ''}${day}: ${calls} calls of ${accounts} accounts, ${rules.length} rules: ${met} met.\n`,
  );
  if (met > 0) process.exitCode = MET;
}

function dayOf([day, ...more]: readonly string[]): string {
  const isDay = day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day));
  if (isDay && more.length === 0 && new Date(Date.parse(day)).toISOString().startsWith(day)) return day;
  throw new Error(`it takes one day, such as 2026-11-30; --help says more`);
}

/** Those that are named; else those of this machine, to which the environment then points. */
function tablesOf(core: string | undefined, audit: string | undefined): { core: string; audit: string } {
  if (core !== undefined && audit !== undefined) return { core, audit };
  if (core !== undefined || audit !== undefined) throw new Error('--core-table and --audit-table go together');
  const local = JSON.parse(readLocal()) as LocalJson;
  const { CoreTable = '', AuditTable = '' } = local.outputs;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: local.awsEndpoints.dynamodb ?? local.awsEndpoints.s3,
    AWS_REGION: local.region,
    AWS_ACCESS_KEY_ID: local.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: local.credentials.secretAccessKey,
  });
  return { core: CoreTable, audit: AuditTable };
}

function readLocal(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`there is no ${file}: has the platform been started (npm start)?`);
  }
}

function shown(accountId: string, hit: DryHit): string {
  const { rule, keyId, metAt } = hit;
  return row(
    new Date(metAt).toISOString().slice(11, 19),
    rule.id,
    rule.does.join(' + '),
    keyId ?? accountId,
    seenInWords(hit),
  );
}

function row(time: string, rule: string, does: string, subject: string, seen: string): string {
  return `${time.padEnd(9)} ${rule.padEnd(18)} ${does.padEnd(24)} ${subject.padEnd(30)} ${seen}\n`;
}

// `| head` reads what it wants and goes.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
main().catch(error => {
  process.stderr.write(`No replay: ${(error as Error).message}\n`);
  process.exit(1);
});
