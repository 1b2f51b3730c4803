/** Rows of an account as a purge erases or reduces them. What says where others stand goes after those, and its own rows last. */
import { findAccount } from '../accounts/accounts-store.ts';
import { accountsOffender } from '../accounts/offenders-store.ts';
import { addressHash } from '../accounts/verification.ts';
import { erasedEvent } from '../audit/chain.ts';
import { callsPartition, eventOf } from '../audit/event.ts';
import { END_NOTICE_DAYS } from '../catalogue/ledger-kinds.ts';
import { REPORTED_YEARS } from '../catalogue/terminations.ts';
import type { DatedLots } from '../credits/lots.ts';
import { dayPlus } from '../data/day-shard.ts';
import { accountKey, personKey } from '../data/item-keys.ts';
import { openAppealKey } from '../enforcement/appeals-store.ts';
import { rectificationKey } from '../enforcement/rectification-store.ts';
import { DUE_PLACE, dueTopUpKey } from '../payments/auto-top-up-store.ts';
import { CASE_PLACE, type CasePlace, casePartition, isReport, openCaseKey } from '../risk/cases-store.ts';
import { isBook } from './purge-phases.ts';
import { counted, eachRow, eraseFound, indexedRows, type Outcome, type Purging, page } from './purging-command.ts';
import { eraseWrite, type Row, rowsOf } from './rows-store.ts';

export const ROW_PHASES = {
  jobs(purging) {
    const { dependencies, termination, kept } = purging;
    const table = dependencies.tables.jobs;
    return eachRow(purging, { table, by: ['pk', termination.accountId] }, row =>
      kept.row('jobs', row.sk) ? [] : [eraseWrite(table, 'jobs', row)],
    );
  },

  records(purging) {
    const { dependencies, termination } = purging;
    const table = dependencies.tables.idempotency;
    const query = { table, index: 'byAccount', by: ['accountId', termination.accountId] as const };
    return indexedRows(purging, query, ({ pk }) => [eraseWrite(table, 'idempotency', { pk }, 'RECORD')]);
  },

  keys(purging) {
    const { dependencies, termination } = purging;
    const table = dependencies.tables.core;
    const query = { table, index: 'keysByAccount', by: ['accountId', termination.accountId] as const };
    return indexedRows(purging, query, row =>
      row.pk.startsWith('KEY#') ? [eraseWrite(table, 'core', row, 'KEY')] : [],
    );
  },

  async lists(purging) {
    const { dependencies, termination } = purging;
    const { core } = dependencies.tables;
    const { accountId } = termination;
    const own = accountKey(accountId).pk;
    const terms = await eachRow(purging, { table: core, by: ['pk', own], prefix: 'FIND#' }, row => [
      eraseWrite(core, 'core', row.find as Row, 'FIND'),
      eraseWrite(core, 'core', row),
    ]);
    if (terms !== 'done') return terms;
    for await (const { open } of lotsOf(core, accountId)) {
      for (const day of new Set(
        open.flatMap(({ expiresOn }) => (expiresOn ? [expiresOn, dayPlus(expiresOn, -END_NOTICE_DAYS)] : [])),
      )) {
        await eraseFound(purging, ['CREDITS_DUE', `${day}#${accountId}#`]);
      }
    }
    const due = await listedOf(purging);
    if (due !== 'done') return due;
    for (const keyId of termination.gatewayKeyIds ?? [])
      await eraseFound(purging, ['FINANCE#GATEWAY_KEYS', keyId], 'GATEWAY_KEY');
    const account = await findAccount(core, accountId);
    const { rows: codes } = await rowsOf({ table: core, by: ['pk', own], prefix: 'EMAIL#' });
    const addresses = new Set(
      [account?.email, ...codes.map(({ email }) => email)].filter(email => typeof email === 'string'),
    );
    for (const email of addresses) await eraseFound(purging, [`ADDRESS#${addressHash(email)}`]);
    return 'done';
  },

  async people(purging) {
    const { dependencies, termination } = purging;
    const { core } = dependencies.tables;
    const { accountId, cause } = termination;
    const account = await findAccount(core, accountId);
    if (account?.email !== undefined && cause === 'violation') {
      const offender = accountsOffender(core, await dependencies.offenderKey(), account.email, dependencies.now());
      await page(purging, [{ write: offender }]);
    }
    for (const personId of await membersOf(purging)) {
      const { rows } = await rowsOf({ table: core, by: ['pk', personKey(personId).pk] });
      const own = rows.filter(row => row.accountId === accountId);
      if (own.length === 0) continue;
      // First: once the row is gone, nothing says whose sign-in it was.
      await dependencies.deleteUser(personId.replace(/^user_/, ''));
      await page(
        purging,
        own.map(row => eraseWrite(core, 'core', row)),
        counted(purging, SIGN_INS, 1),
      );
    }
    return 'done';
  },

  async audit(purging) {
    const { dependencies, termination } = purging;
    const table = dependencies.tables.audit;
    const { accountId } = termination;
    const reduced = await eachRow(purging, { table, by: ['pk', accountId], prefix: 'EVENT#' }, row => {
      const event = eventOf(row);
      if (event.erasedHash !== undefined || event.action === 'account.erased') return [];
      const Item = { pk: row.pk, sk: row.sk, ...erasedEvent(event) };
      return [{ write: { Put: { TableName: table, Item } }, kind: 'audit/EVENT reduced' }];
    });
    if (reduced !== 'done') return reduced;
    const query = { table, by: ['pk', callsPartition(accountId)] as const, prefix: 'EVENT#' };
    return eachRow(purging, query, row => [eraseWrite(table, 'audit', row, 'CALL')]);
  },

  ledger(purging) {
    const { dependencies, termination, kept } = purging;
    const table = dependencies.tables.ledger;
    if (kept.ledger) return Promise.resolve('done');
    return eachRow(purging, { table, by: ['pk', termination.accountId] }, ({ pk, sk, reason }) =>
      reason === undefined ? [] : [{ write: reducing(table, { pk, sk }, ['reason']), kind: 'ledger/entry reduced' }],
    );
  },

  account(purging) {
    const { dependencies, termination, kept } = purging;
    const table = dependencies.tables.core;
    return eachRow(purging, { table, by: ['pk', accountKey(termination.accountId).pk] }, row => {
      const { pk, sk, createdBy } = row;
      if (kept.row('core', sk)) return [];
      if (!isBook(sk)) return [eraseWrite(table, 'core', row)];
      if (createdBy === undefined) return [];
      return [
        {
          write: reducing(table, { pk, sk }, ['createdBy', 'checkoutUrl', 'sessionId']),
          kind: 'core/PURCHASE reduced',
        },
      ];
    });
  },
} satisfies Record<string, (purging: Purging) => Promise<Outcome>>;

const SIGN_INS = 'cognito/USER';

function reducing(table: string, Key: { pk: string; sk: string }, fields: readonly string[]) {
  const names = Object.fromEntries(fields.map((field, index) => [`#f${index}`, field]));
  return {
    Update: {
      TableName: table,
      Key,
      UpdateExpression: `REMOVE ${Object.keys(names).join(', ')}`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: names,
    },
  };
}

async function* lotsOf(table: string, accountId: string): AsyncGenerator<DatedLots> {
  yield* allOf({ table, by: ['pk', `LOTS#${accountId}`] }) as AsyncGenerator<unknown> as AsyncGenerator<DatedLots>;
}

async function* allOf(query: Parameters<typeof rowsOf>[0]): AsyncGenerator<Row> {
  let after: string | undefined;
  do {
    const { rows, more } = await rowsOf({ ...query, after });
    const own = rows.filter(({ sk }) => query.prefix === undefined || sk.startsWith(query.prefix));
    yield* own;
    after = more && own.length === rows.length ? rows.at(-1)?.sk : undefined;
  } while (after !== undefined);
}

/** Places in lists of all accounts, each named by a row below this one. Nothing of others is read. */
async function listedOf(purging: Purging): Promise<Outcome> {
  const { dependencies, termination } = purging;
  const { core } = dependencies.tables;
  const { accountId } = termination;
  const by = ['pk', accountKey(accountId).pk] as const;
  const topUps = await eachRow(purging, { table: core, by, prefix: DUE_PLACE }, row => [
    eraseWrite(core, 'core', dueTopUpKey({ accountId, at: String(row.at) }), 'TOP_UPS_DUE'),
    eraseWrite(core, 'core', row),
  ]);
  if (topUps !== 'done') return topUps;
  for (const prefix of ['VIOLATION#', 'MEASURE#']) {
    for await (const { id: subject, rectifyBy } of allOf({ table: core, by, prefix })) {
      if (rectifyBy === undefined) continue;
      const { pk, sk } = rectificationKey({ accountId, subject: String(subject), by: String(rectifyBy) });
      await eraseFound(purging, [pk, sk]);
    }
  }
  for await (const { createdAt, subject } of allOf({ table: core, by, prefix: 'APPEAL#' })) {
    const { pk, sk } = openAppealKey({ createdAt: String(createdAt), accountId, subject: String(subject) });
    await eraseFound(purging, [pk, sk]);
  }
  for await (const row of allOf({ table: core, by, prefix: CASE_PLACE })) {
    await eraseCase(purging, row as unknown as CasePlace);
    if (dependencies.isOver()) return 'more';
  }
  return 'done';
}

/** A case of which an authority was told stays with what it was told, until `STAYS` says; any other goes, decided or not. */
async function eraseCase(purging: Purging, place: CasePlace): Promise<void> {
  const { dependencies } = purging;
  const { core } = dependencies.tables;
  const { pk, sk } = openCaseKey(place);
  await eraseFound(purging, [pk, sk]);
  const { rows } = await rowsOf({ table: core, by: ['pk', casePartition(place.caseId)] });
  if (!rows.some(row => isReport(row.sk))) return eraseFound(purging, [casePartition(place.caseId)]);
  const staying = rows.filter(({ expiresAt }) => expiresAt === undefined);
  const expiresAt = Math.floor(dependencies.now() / 1000) + REPORTED_YEARS * 365 * 24 * 3600;
  if (staying.length > 0)
    await page(
      purging,
      staying.map(({ pk, sk }) => ({
        write: {
          Update: {
            TableName: core,
            Key: { pk, sk },
            UpdateExpression: 'SET expiresAt = :expires',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':expires': expiresAt },
          },
        },
      })),
    );
}

/** Everybody who has acted for the account: who is noted as of it, and who has accepted terms for it before that was noted. */
async function membersOf({ dependencies, termination }: Purging): Promise<Set<string>> {
  const { core } = dependencies.tables;
  const by = ['pk', accountKey(termination.accountId).pk] as const;
  const [members, terms] = [
    await rowsOf({ table: core, by, prefix: 'MEMBER#' }),
    await rowsOf({ table: core, by, prefix: 'TERMS#' }),
  ];
  const ids = [...members.rows.map(({ personId }) => personId), ...terms.rows.map(({ acceptedBy }) => acceptedBy)];
  return new Set(ids.filter(id => typeof id === 'string' && id.startsWith('user_')) as string[]);
}
