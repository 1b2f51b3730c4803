/** What is known of people is listed: nothing that is written, logged or reported is beside the inventory. */
import { describe, expect, it } from 'vitest';
import { OBJECT_CLASSES } from '../../functions/catalogue/retention.ts';
import { DATASETS } from '../../functions/finance/dataset-contract.ts';
import { attributes, ITEM_TABLES, READERS } from '../../functions/retention/inventory.ts';
import {
  ACCESS_LOG_FIELDS,
  LOG_MEMBERS,
  REPORT_COLUMNS,
  STATISTICS,
} from '../../functions/retention/inventory-lines.ts';
import { filesOf, ITEM_KINDS, rowsFile, SECTIONS } from '../../functions/retention/sections.ts';
import { STATEMENT } from '../../functions/retention/statement.ts';
import { ROUTES } from '../../functions/routes.ts';
import { sourcesOf, withoutComments } from './source-tree.ts';

const LISTED = new Set(ITEM_KINDS.flatMap(kind => Object.keys(kind.attributes)));
const CODE = sourcesOf('functions').map(source => ({ ...source, text: withoutComments(source.text) }));

/** Attributes that update expressions name. */
function updated(text: string): string[] {
  const expressions = [...text.matchAll(/['"`]((?:SET|ADD|REMOVE|DELETE) [#a-zA-Z][^'"`]*)['"`]/g)].map(
    ([, found = '']) => found,
  );
  const names = expressions.flatMap(expression => [
    ...expression.matchAll(/(?:^|[\s,])(?:SET|ADD|REMOVE|DELETE)\s+([a-zA-Z]\w*)|,\s*([a-zA-Z]\w*)\s*=/g),
  ]);
  return names.flatMap(([, first, later]) => first ?? later ?? []);
}

describe('the inventory', () => {
  it('lists every attribute that a store changes by its name', () => {
    const found = CODE.filter(({ path }) => path.endsWith('-store.ts') || path.endsWith('source-uses.ts')).flatMap(
      ({ path, text }) => updated(text).map(name => ({ path, name })),
    );
    expect(found.length).toBeGreaterThan(40);
    expect(found.filter(({ name }) => !LISTED.has(name))).toEqual([]);
  });

  it('reads names out of update expressions', () => {
    expect(updated("'SET #a = :a, place = :p REMOVE made, dueAt'")).toEqual(['place', 'made']);
    expect(updated("'ADD usedBy :job'")).toEqual(['usedBy']);
  });

  it('says of each kind what, why, how long, where from and who sees it, in sentences', () => {
    expect(ITEM_KINDS.length).toBeGreaterThan(40);
    for (const { about, why, from, seenBy, kept, attributes: own } of ITEM_KINDS) {
      expect(about, about).toMatch(/^[A-Z].*\.$/);
      expect(
        [why.length, from.length, seenBy.length].every(count => count > 0),
        about,
      ).toBe(true);
      expect(kept.length, about).toBeGreaterThan(3);
      for (const [name, { what }] of Object.entries(own)) expect(what, `${about} ${name}`).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('has each kind of item once, and all six tables', () => {
    const keys = ITEM_KINDS.map(({ table, pk, sk }) => `${table} ${pk} ${sk}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(ITEM_KINDS.map(({ table }) => table))).toEqual(new Set(ITEM_TABLES));
  });

  it('refuses a line that it cannot read', () => {
    expect(() => attributes('name')).toThrow('no attribute');
    expect(attributes('email! Where.').email).toEqual({ nearness: 'identity', what: 'Where.', exported: true });
    expect(attributes('hash-# A hash.').hash).toEqual({ nearness: 'pseudonym', what: 'A hash.', exported: false });
  });
});

/** What a kind of item is written from: interfaces, by their files, and the beginning of its key. */
const WRITTEN: readonly (readonly [string, string, string, string, string])[] = [
  ['accounts/account.ts', 'Profile', 'core', 'ACCOUNT#', 'ACCOUNT'],
  ['accounts/account.ts', 'Account', 'core', 'ACCOUNT#', 'ACCOUNT'],
  ['accounts/standing.ts', 'StandingFields', 'core', 'ACCOUNT#', 'ACCOUNT'],
  ['accounts/account.ts', 'Person', 'core', 'PERSON#', 'PERSON'],
  ['accounts/holds-store.ts', 'Hold', 'core', 'HOLD#', ''],
  ['accounts/mails-store.ts', 'AccountMail', 'core', 'ACCOUNT#', 'MAIL#'],
  ['accounts/terms.ts', 'Acceptance', 'core', 'ACCOUNT#', 'TERMS#'],
  ['accounts/verification.ts', 'Verification', 'core', 'ACCOUNT#', 'EMAIL#'],
  ['accounts/verification.ts', 'AddressUse', 'core', 'ADDRESS#', 'CODES'],
  ['alerts/alert.ts', 'UsageMeter', 'core', 'ACCOUNT#', 'ALERT'],
  ['alerts/alert.ts', 'Alert', 'core', 'ACCOUNT#', 'ALERT'],
  ['audit/chain.ts', 'Seal', 'seals', '', 'SEAL#'],
  ['audit/event.ts', 'AuditEvent', 'audit', 'acct_', 'EVENT#'],
  ['audit/second-person.ts', 'Proposal', 'core', 'ACCOUNT#', 'BOOKING#'],
  ['audit/second-person.ts', 'Proposal', 'core', 'ACCOUNT#', 'TERMINATION_ORDER'],
  ['credits/due-lots-store.ts', 'DueLot', 'core', 'CREDITS_DUE', ''],
  ['credits/ledger.ts', 'Entry', 'ledger', 'acct_', ''],
  ['credits/ledger-store.ts', 'BookedEntry', 'ledger', 'acct_', ''],
  ['credits/lots.ts', 'Lots', 'core', 'LOTS#', 'DAY#'],
  ['credits/lots.ts', 'DatedLots', 'core', 'LOTS#', 'DAY#'],
  ['credits/usage-count.ts', 'UsageCount', 'core', 'ACCOUNT#', 'USAGE'],
  ['data/outbox.ts', 'AccountEvent', 'jobs', 'acct_', 'EVENT#'],
  ['enforcement/appeals-store.ts', 'Appeal', 'core', 'ACCOUNT#', 'APPEAL#'],
  ['enforcement/appeals-store.ts', 'Appeal', 'core', 'APPEALS_OPEN', ''],
  ['enforcement/ladder.ts', 'StandingState', 'core', 'ACCOUNT#', 'STANDING'],
  ['accounts/standing.ts', 'Measure', 'core', 'ACCOUNT#', 'MEASURE#'],
  ['enforcement/measure.ts', 'MeasureRecord', 'core', 'ACCOUNT#', 'MEASURE#'],
  ['enforcement/violation.ts', 'FindingState', 'core', 'ACCOUNT#', 'MEASURE#'],
  ['enforcement/violation.ts', 'FindingState', 'core', 'ACCOUNT#', 'VIOLATION#'],
  ['enforcement/violation.ts', 'Violation', 'core', 'ACCOUNT#', 'VIOLATION#'],
  ['enforcement/points.ts', 'DatedPoints', 'core', 'ACCOUNT#', 'VIOLATION#'],
  ['enforcement/rectification-store.ts', 'Rectification', 'core', 'RECTIFY_DUE', ''],
  ['finance/export-day.ts', 'DaySummary', 'core', 'FINANCE#', ''],
  ['finance/month.ts', 'DayRecord', 'core', 'FINANCE#', ''],
  ['finance/month.ts', 'ClosedMonth', 'core', 'FINANCE#', ''],
  ['generation/job.ts', 'Job', 'jobs', 'acct_', 'JOB#'],
  ['invoices/document.ts', 'Draft', 'core', 'ACCOUNT#', 'INVOICE#'],
  ['invoices/document.ts', 'InvoiceDocument', 'core', 'ACCOUNT#', 'INVOICE#'],
  ['keys/active-keys.ts', 'ActiveKeys', 'core', 'ACCOUNT#', 'KEYS'],
  ['keys/key.ts', 'KeyScope', 'core', 'KEY#', 'KEY'],
  ['keys/key.ts', 'StoredKey', 'core', 'KEY#', 'KEY'],
  ['payments/auto-top-up.ts', 'AutoTopUp', 'core', 'ACCOUNT#', 'AUTO_TOP_UP'],
  ['payments/auto-top-up-store.ts', 'DueTopUp', 'core', 'TOP_UPS_DUE', ''],
  ['payments/auto-top-up-store.ts', 'DueTopUp', 'core', 'ACCOUNT#', 'TOP_UP_DUE#'],
  ['payments/booking.ts', 'RecordedPayment', 'core', 'PAYMENT#', 'PAYMENT'],
  ['payments/payment-exceptions-store.ts', 'PaymentException', 'core', 'PAYMENT_EXCEPTIONS', 'EXCEPTION#'],
  ['payments/purchase.ts', 'Purchase', 'core', 'ACCOUNT#', 'PURCHASE#'],
  ['qualification/document.ts', 'QualificationDocument', 'core', 'ACCOUNT#', 'DOCUMENT#'],
  ['qualification/qualification.ts', 'Submission', 'core', 'ACCOUNT#', 'SUBMISSION#'],
  ['retention/export.ts', 'AccountExport', 'core', 'ACCOUNT#', 'EXPORT#'],
  ['risk/case.ts', 'RiskCase', 'core', 'CASE#', 'CASE'],
  ['risk/case.ts', 'RiskCase', 'core', 'CASES_OPEN', ''],
  ['risk/case.ts', 'RiskReport', 'core', 'CASE#', 'REPORT#'],
  ['risk/profiles-store.ts', 'Kept', 'core', 'ACCOUNT#', 'USE#'],
  ['termination/service-end-store.ts', 'ServiceEnd', 'core', 'SERVICE_END', 'SERVICE_END'],
  ['termination/termination.ts', 'Termination', 'core', 'TERMINATION#', 'TERMINATION'],
  ['uploads/uploads-store.ts', 'Stored', 'jobs', 'acct_', 'IMAGE#'],
  ['uploads/uploads-store.ts', 'StoredImage', 'jobs', 'acct_', 'IMAGE#'],
  ['uploads/uploads-store.ts', 'StoredMedia', 'jobs', 'acct_', 'MEDIA#'],
];

/** Members that have another name in the table, so that an index takes them for nothing else. */
const STORED_AS: Readonly<Record<string, string>> = {
  'AccountEvent accountId': 'pk',
  'RiskCase keyId': 'ofKey',
  'Termination state': 'terminationState',
};

describe('an item', () => {
  /** The members of an interface, of its first level. */
  function membersOf(text: string, name: string): string[] {
    const [, body = ''] = new RegExp(`interface ${name}\\b[^{]*\\{\\n(.*?)\\n\\}`, 's').exec(text) ?? [];
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, member = '']) => member);
  }

  it.each(WRITTEN)('of %s %s has no member that its kind does not list', (file, name, table, pk, sk) => {
    const members = membersOf(CODE.find(({ path }) => path === `functions/${file}`)?.text ?? '', name);
    expect(members.length).toBeGreaterThan(0);
    const kind = ITEM_KINDS.find(each => each.table === table && each.pk === pk && each.sk === sk) ?? expect.fail();
    const stored = members.map(member => STORED_AS[`${name} ${member}`] ?? member);
    expect(stored.filter(member => !(member in kind.attributes))).toEqual([]);
  });

  it('is of a kind that is listed, whatever key a store writes it under', () => {
    const written = CODE.filter(({ path }) => /-store\.ts$|\/item-keys\.ts$|\/outbox\.ts$/.test(path)).flatMap(
      ({ path, text }) =>
        [...text.matchAll(/\b(?:pk|sk): (?:'([A-Z_]+)'|`([A-Z_]+#))|const [A-Z_]+ = '([A-Z_]+#?)'/g)].map(
          ([, whole, prefix, list]) => ({ path, key: whole ?? prefix ?? list ?? '' }),
        ),
    );
    expect(written.length).toBeGreaterThan(40);
    const known = new Set(ITEM_KINDS.flatMap(({ pk, sk }) => [pk, sk]));
    // Below a key that is listed with all that is below it.
    for (const key of ['ALERT#', 'ALERTED#', 'CLOSE']) known.add(key);
    // A value of an index.
    known.add('ACCOUNTS');
    expect(written.filter(({ key }) => !known.has(key))).toEqual([]);
  });

  it('of no kind but keys has what the index of keys lists by', () => {
    const listed = ITEM_KINDS.filter(
      ({ table, attributes: own }) => table === 'core' && 'accountId' in own && 'keyId' in own,
    );
    expect(listed.map(({ pk, sk }) => `${pk} ${sk}`)).toEqual(['KEY# KEY']);
  });

  it('of each kind that an owner takes along is held against the code that writes it', () => {
    const held = new Set(WRITTEN.map(([, , table, pk, sk]) => `${table} ${pk} ${sk}`));
    const others = ITEM_KINDS.filter(({ folder, table, pk, sk }) => folder && !held.has(`${table} ${pk} ${sk}`));
    // Speakers are one map; calls are audit events.
    expect(others.map(({ folder }) => folder)).toEqual(['speakers', 'calls']);
  });
});

describe('log lines', () => {
  /** The members of the object that a line of code logs. */
  const logged = CODE.flatMap(({ path, text }) =>
    [
      ...text.matchAll(
        /\blogger\.(?:info|warn|error|debug)\(\s*(?:'[^']*'|`[^`]*`),\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g,
      ),
    ].flatMap(([, members = '']) =>
      members
        .replace(/\{[^{}]*\}/g, '')
        .split(',')
        .map(member => member.trim())
        .filter(member => member !== '' && !member.startsWith('...'))
        .map(member => ({ path, member: /^\w+/.exec(member)?.[0] ?? member })),
    ),
  );

  it('say what is listed', () => {
    expect(logged.length).toBeGreaterThan(60);
    expect(logged.filter(({ member }) => !(member in LOG_MEMBERS))).toEqual([]);
  });

  it('have neither identity nor content', () => {
    const near = Object.entries(LOG_MEMBERS).filter(
      ([, { nearness }]) => nearness === 'identity' || nearness === 'content',
    );
    expect(near).toEqual([]);
  });

  it('of the gateway name the address and nothing else of a person', () => {
    const gateway = sourcesOf('lib').find(({ path }) => path === 'lib/constructs/gateway.ts')?.text ?? '';
    const fields = [...gateway.matchAll(/^\s+(\w+): AccessLogField\./gm)].map(([, name]) => name);
    expect(fields).toEqual(Object.keys(ACCESS_LOG_FIELDS));
    expect(Object.entries(ACCESS_LOG_FIELDS).filter(([, nearness]) => nearness === 'identity')).toEqual([
      ['ip', 'identity'],
    ]);
  });
});

describe('reports', () => {
  it('have the columns that are listed, no more and no fewer', () => {
    const columns = Object.fromEntries(
      Object.values(DATASETS).map(({ name, columns: own }) => [name, own.map(column => column.name).sort()]),
    );
    expect(
      Object.fromEntries(Object.entries(REPORT_COLUMNS).map(([name, own]) => [name, Object.keys(own).sort()])),
    ).toEqual(columns);
  });

  it('that count what is used are without content and without identity (clause 4.2b)', () => {
    const near = STATISTICS.flatMap(name =>
      Object.entries(REPORT_COLUMNS[name] ?? {}).filter(
        ([, nearness]) => nearness === 'identity' || nearness === 'content',
      ),
    );
    expect(STATISTICS.length).toBeGreaterThan(3);
    expect(near).toEqual([]);
  });

  it('are nowhere of content, but for a reason that a person of ours wrote', () => {
    const content = Object.values(REPORT_COLUMNS).flatMap(own =>
      Object.entries(own).filter(([, nearness]) => nearness === 'content'),
    );
    expect(content).toEqual([['reason', 'content']]);
  });
});

describe('an export', () => {
  it('has all that an owner is promised: account, people, keys, videos, ledger, invoices, mails, decisions, terms, audit, uploads', () => {
    const names = SECTIONS.map(({ name }) => name);
    for (const wanted of [
      'account',
      'people',
      'keys',
      'videos',
      'images',
      'media',
      'ledger',
      'invoices',
      'mails',
      'decisions',
      'terms',
      'audit',
      'auto_top_up',
      'standing',
      'violations',
      'measures',
      'appeals',
      'termination',
    ])
      expect(names).toContain(wanted);
    expect(new Set(names).size).toBe(names.length);
    expect(ITEM_KINDS.find(({ folder }) => folder === 'account')?.attributes.consents?.exported).toBe(true);
  });

  it('leaves out hashes, secrets and places in indexes, and nothing that is identity or content', () => {
    const kept = ITEM_KINDS.filter(({ folder }) => folder !== undefined).flatMap(({ attributes: own }) =>
      Object.entries(own),
    );
    const out = kept.filter(([, { exported }]) => !exported);
    expect(out.filter(([, { nearness }]) => nearness === 'identity' || nearness === 'content')).toEqual([]);
    const secret = /hash$|hashes|gatewayKeyValue|spendsFrom|Shard$|^pk$|^sk$/i;
    expect(kept.filter(([name, { exported }]) => exported && secret.test(name)).map(([name]) => name)).toEqual([]);
  });

  it('names the files of a row as its owner would look for them', async () => {
    const images = SECTIONS.find(({ name }) => name === 'images') ?? expect.fail();
    const row = {
      pk: 'acct_1',
      sk: 'IMAGE#1',
      imageId: 1,
      objectKey: 'accounts/acct_1/images/1',
      contentType: 'image/jpeg',
    };
    expect(filesOf(images, row)).toEqual([{ bucket: 'media', key: row.objectKey, name: 'images/1.jpg' }]);
    expect(filesOf(images, { pk: 'acct_1', sk: 'IMAGE#1', expiresAt: 1 })).toEqual([]);
    const { name, input } = rowsFile(images, 7, [row]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of input) chunks.push(chunk);
    expect([name, JSON.parse(Buffer.concat(chunks).toString())]).toEqual([
      'images/images-000007.jsonl',
      { imageId: 1, contentType: 'image/jpeg' },
    ]);
  });
});

describe('what an owner takes along', () => {
  const fileOf = async (name: string, rows: Parameters<typeof rowsFile>[2]) => {
    const section = SECTIONS.find(each => each.name === name) ?? expect.fail();
    const chunks: Uint8Array[] = [];
    for await (const chunk of rowsFile(section, 1, rows).input) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1);
    return lines.map(line => JSON.parse(line) as unknown);
  };

  it('says what staff did and why, and neither which of them nor from where', async () => {
    const done = { eventId: 'evt_1', action: 'plan.changed', reason: 'grew', detail: { firstBy: 'staff_5b1c' } };
    const from = { address: '192.0.2.7', client: 'Firefox' };
    expect(await fileOf('audit', [{ ...done, ...from, actorKind: 'person', actorId: 'staff_5b1c' }])).toEqual([
      { ...done, detail: { firstBy: 'staff' }, actorKind: 'person', actorId: 'staff' },
    ]);
    const own = { eventId: 'evt_2', actorKind: 'person', actorId: 'user_5b1c', ...from };
    expect(await fileOf('audit', [own])).toEqual([own]);
    const appeal = { subject: 'meas_1', state: 'upheld', reason: 'You are right.' };
    expect(await fileOf('appeals', [{ ...appeal, decidedBy: 'staff_5b1c' }])).toEqual([
      { ...appeal, decidedBy: 'staff' },
    ]);
  });

  it('has nothing that is not listed', async () => {
    expect(await fileOf('violations', [{ id: 'viol_1', reportId: 'case_1', unheardOf: 1 }])).toEqual([
      { id: 'viol_1' },
    ]);
  });

  it('has the end of its service from when it is asked for or decided, and not what one of staff proposes', async () => {
    const asked = { terminationId: 'term_1', terminationState: 'requested' };
    expect(await fileOf('termination', [asked])).toEqual([asked]);
    expect(await fileOf('termination', [{ ...asked, terminationState: 'proposed' }])).toEqual([]);
  });

  it('has what was seen of its keys, and neither profiles of use nor cases', () => {
    expect(ITEM_KINDS.find(({ folder }) => folder === 'keys')?.attributes.suspension?.exported).toBe(true);
    const apart = ITEM_KINDS.filter(({ pk, sk }) => /^CASES?[#_]|^HOLD#|^OFFENDER#/.test(pk) || sk === 'USE#');
    expect(apart.length).toBe(6);
    expect(apart.filter(({ folder }) => folder !== undefined)).toEqual([]);
  });
});

describe('the privacy statement', () => {
  it('says all of the inventory, to people', () => {
    expect(STATEMENT.records.length).toBe(ITEM_KINDS.length);
    expect(STATEMENT.files.length).toBe(Object.keys(OBJECT_CLASSES).length);
    expect(
      STATEMENT.records
        .flatMap(({ seen_by }) => seen_by)
        .every(reader => Object.values(READERS).includes(reader as never)),
    ).toBe(true);
    const calls = STATEMENT.rights.flatMap(
      ({ how }) => how.match(/(?:GET|POST|PUT|PATCH|DELETE) \/v1\/[\w/{}]+/g) ?? [],
    );
    const known = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`);
    expect(calls.length).toBeGreaterThan(5);
    expect(calls.filter(call => !known.includes(call))).toEqual([]);
    for (const words of [...STATEMENT.promises, ...STATEMENT.rights.map(({ how }) => how)])
      expect(words).toMatch(/\.$/);
  });
});
