/**
 * A month of business, made up the same way every time: jobs of many accounts, refunds, payments, plans that change and
 * keys that are deleted. It stands where the tables stand for the export of a day, and holds no more than two days.
 */
import { crc32 } from 'node:zlib';
import { hold, type Posting, settle } from '../../functions/credits/ledger.ts';
import { type Lots, NO_LOTS } from '../../functions/credits/lots.ts';
import type { UsageCount } from '../../functions/credits/usage-count.ts';
import { DAY_SHARDS, utcDay } from '../../functions/data/day-shard.ts';
import type { LotBook } from '../../functions/finance/day-lots.ts';
import type { DaySources } from '../../functions/finance/export-day.ts';
import { type DayEntry, type DayJob, endedOn, type GatewayCount } from '../../functions/finance/rows.ts';
import type { InvoiceDocument } from '../../functions/invoices/document.ts';
import { countryOf, GeneratedDocuments } from './generated-documents.ts';
import { generatedTopUp } from './generated-top-up.ts';

export interface MonthOptions {
  /** `2026-10`. */
  readonly month: string;
  readonly jobs: number;
  readonly accounts?: number;
}

export interface MadeJob extends DayJob {
  readonly endedAt: string;
  readonly seconds: number;
}

const DAY_MS = 24 * 3600 * 1000;
const PAGE = 100;
const MADE = ['text_to_video', 'image_to_video', 'lip_sync', 'extend'] as const;
const MODELS = ['v5', 'v6', 'c1'] as const;
const PLANS = ['trial', 'essential', 'scale', 'enterprise'] as const;

export class GeneratedMonth implements DaySources {
  readonly days: readonly string[];
  readonly accounts: readonly string[];
  /** As they were left by the day before: days are exported in their order. */
  readonly lots: LotBook = lotsInMemory();
  readonly #options: MonthOptions;
  readonly #first: number;
  readonly #made = new Map<string, MadeJob[]>();
  readonly #booked = new Map<string, DayEntry[]>();
  #documents: GeneratedDocuments | undefined;

  constructor(options: MonthOptions) {
    this.#options = options;
    this.#first = Date.parse(`${options.month}-01T00:00:00Z`);
    const [year = 0, month = 0] = options.month.split('-').map(Number);
    const count = (Date.UTC(year, month, 1) - this.#first) / DAY_MS;
    this.days = Array.from({ length: count }, (_, index) => utcDay(this.#first + index * DAY_MS));
    const accounts = options.accounts ?? 40;
    this.accounts = Array.from({ length: accounts }, (_, index) => `acct_${String(index).padStart(6, '0')}`);
  }

  /** Jobs that begin on the day, in the order of time; several share a moment. */
  jobs(day: string): readonly MadeJob[] {
    const known = this.#made.get(day);
    if (known) return known;
    const index = Math.round((Date.parse(day) - this.#first) / DAY_MS);
    const { jobs } = this.#options;
    const share = (part: number) => Math.floor((jobs * part) / this.days.length);
    const count = index < 0 || index >= this.days.length ? 0 : share(index + 1) - share(index);
    const random = numbers(index + 7);
    const made = Array.from({ length: count }, (_, place) => this.#job(day, index, place / count, place, random));
    return remember(this.#made, day, made);
  }

  /** All entries that are booked on the day, in the order of time. */
  booked(day: string): readonly DayEntry[] {
    const known = this.#booked.get(day);
    if (known) return known;
    const entries = [
      ...this.jobs(day).map(job => entryOf(job, hold(job.jobId, job.credits, madeOf(job)), job.createdAt)),
      ...this.#endedJobs(day).map(job => {
        const how = job.state === 'succeeded' ? 'capture' : 'release';
        return entryOf(job, settle(job.jobId, job.credits, how, madeOf(job)), job.endedAt);
      }),
      ...this.#payments(day),
    ];
    // Within one moment the last comes first, as an index may give them.
    const sorted = entries.sort(
      (one, other) => one.bookedAt.localeCompare(other.bookedAt) || other.id.localeCompare(one.id),
    );
    return remember(this.#booked, day, sorted);
  }

  entries(day: string, shard: number): AsyncGenerator<DayEntry[]> {
    return pages(this.booked(day).filter(({ accountId }) => shardOf(accountId) === shard));
  }

  invoices(day: string): AsyncGenerator<InvoiceDocument[]> {
    return pages(this.#issued().issuedOn(day));
  }

  async invoiceNumber(entry: DayEntry): Promise<string | undefined> {
    return this.#issued().numberOf(entry);
  }

  #issued(): GeneratedDocuments {
    this.#documents ??= new GeneratedDocuments(this.days.flatMap(day => this.#payments(day)));
    return this.#documents;
  }

  started(day: string, shard: number): AsyncGenerator<DayJob[]> {
    return pages(this.jobs(day).filter(({ accountId }) => shardOf(accountId) === shard));
  }

  ended(day: string, shard: number): AsyncGenerator<DayJob[]> {
    return pages(this.#endedJobs(day).filter(({ accountId }) => shardOf(accountId) === shard));
  }

  async *usage(accountId: string, day: string): AsyncGenerator<UsageCount[]> {
    const counts = new Map<string, Record<string, number> & UsageCount>();
    const add = (job: MadeJob, added: Record<string, number>): void => {
      const { function: name, model = '', keyId } = job;
      const id = `${name}#${model}#${keyId}`;
      const count = counts.get(id) ?? ({ day, function: name, model, keyId } as Record<string, number> & UsageCount);
      counts.set(id, count);
      for (const [field, by] of Object.entries(added)) Object.assign(count, { [field]: (count[field] ?? 0) + by });
    };
    for (const job of this.jobs(day)) if (job.accountId === accountId) add(job, { started: 1, held: job.credits });
    for (const job of this.#endedJobs(day)) {
      if (job.accountId !== accountId) continue;
      if (job.state === 'succeeded') add(job, { succeeded: 1, charged: job.credits, seconds: job.seconds });
      else add(job, { [job.state]: 1, released: job.credits });
    }
    yield [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
  }

  /** Each job is one request, and is polled some times; the keys of closed accounts are deleted and still counted. */
  async *gateway(day: string): AsyncGenerator<GatewayCount> {
    const started = new Map<string, number>();
    for (const { accountId, plan = '' } of this.jobs(day)) {
      started.set(`${plan} ${accountId}`, (started.get(`${plan} ${accountId}`) ?? 0) + 1);
    }
    for (const [id, count] of [...started].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const [plan = '', accountId = ''] = id.split(' ');
      const requests = count * 3 + (crc32(id) % 5);
      yield { usagePlanId: `plan_${plan}`, plan, keyId: `gw_${accountId}`, accountId, requests, remaining: 50_000 };
    }
  }

  /** As the account's own customers' names go: some are not of ASCII, and some a spreadsheet would calculate. */
  async name(accountId: string): Promise<string> {
    return nameOf(accountId);
  }

  #endedJobs(day: string): MadeJob[] {
    const before = utcDay(Date.parse(day) - DAY_MS);
    return [...this.jobs(before), ...this.jobs(day)]
      .filter(job => endedOn(job, day))
      .sort((one, other) => one.endedAt.localeCompare(other.endedAt) || other.jobId - one.jobId);
  }

  #job(day: string, index: number, part: number, place: number, random: () => number): MadeJob {
    const created = Math.floor((Date.parse(day) + part * DAY_MS) / 600_000) * 600_000;
    const running = 10_000 + Math.floor(random() ** 8 * 6 * 3600) * 1000;
    // A fifth of the accounts is closed on the 20th, and their keys deleted.
    const open = this.accounts.filter((_, number, all) => index < 20 || number % 5 !== 0 || all.length === 1);
    const accountId = open[Math.floor(random() * open.length)] ?? '';
    const number = Number(accountId.slice(5));
    const made = MADE[Math.floor(random() * MADE.length)] ?? MADE[0];
    const state = random() < 0.85 ? 'succeeded' : random() < 0.6 ? 'failed' : 'cancelled';
    const model = made === 'lip_sync' ? '' : (MODELS[Math.floor(random() * MODELS.length)] ?? 'v6');
    // Each account's first key is deleted in the middle of the month.
    const key = Math.floor(random() * 3) + (index >= 15 ? 1 : 0);
    const failed = state === 'failed' ? { failureCode: 'timed_out' } : {};
    return {
      accountId,
      jobId: (index + 1) * 10_000_000 + place,
      state,
      function: made,
      model,
      quality: '540p',
      ...failed,
      credits: 5 + Math.floor(random() * 236),
      keyId: `key_${number}_${key}`,
      plan: planOf(number, created - this.#first),
      createdAt: new Date(created).toISOString(),
      endedAt: new Date(created + running).toISOString(),
      seconds: 5,
    };
  }

  /**
   * Credits are given on the first day, to some sold, bought each week, paid back, adjusted and expired. On the 17th payments by bank
   * transfer are recorded that came on the 13th, in three currencies; each third of them is reversed on the 19th, and on
   * the 22nd others are topped up, at a price to which their tax is added. On the 2nd some purchases of the month before are paid back.
   */
  #payments(day: string): DayEntry[] {
    const date = Number(day.slice(8));
    const at = `${day}T06:00:00.000Z`;
    const entry = (
      accountId: string,
      kind: DayEntry['kind'],
      postings: Posting[],
      cents?: number,
      more: Partial<DayEntry> = {},
    ): DayEntry => ({
      accountId,
      id: `${kind}#${day}`,
      kind,
      postings,
      bookedAt: at,
      ...(cents !== undefined && { money: { amount: cents, currency: 'usd', reference: `${kind} ${day}` } }),
      ...more,
    });
    const { month } = this.#options;
    const bookedOn = (booked: string) => ({ entryId: `purchase#${booked}`, bookedAt: `${booked}T06:00:00.000Z` });
    const transfer = (number: number, sign: 1 | -1, valueDate: string) => ({
      amount: sign * (3333 + number),
      currency: ['usd', 'eur', 'jpy'][number % 3] ?? 'usd',
      reference: `SEPA ${number}`,
      valueDate,
    });
    return this.accounts.flatMap((accountId, number) => {
      if (date === 1 && number % 4 === 1) {
        return [entry(accountId, 'purchase', moved('sold', 'available', 5_000_000), 4_000_001 + number)];
      }
      if (date === 1) return [entry(accountId, 'grant', moved('issued', 'available', 5_000_000))];
      if (date % 7 === 0)
        return [entry(accountId, 'purchase', moved('sold', 'available', 1000 + number), 1000 + number)];
      if (date === 2 && number % 5 === 0) {
        const corrects = bookedOn(utcDay(this.#first - DAY_MS));
        return [entry(accountId, 'refund', moved('available', 'sold', 50), -51, { corrects })];
      }
      if (date === 15) {
        return [
          entry(accountId, 'refund', moved('available', 'sold', 100), -100, { corrects: bookedOn(`${month}-14`) }),
        ];
      }
      if (date === 17) {
        const said = { reason: 'bank transfer', reference: `SEPA ${number}` };
        const money = transfer(number, 1, `${month}-13`);
        return [entry(accountId, 'purchase', moved('sold', 'available', 4007), undefined, { ...said, money })];
      }
      if (date === 19 && number % 3 === 0) {
        const said = {
          reason: 'the bank took it back',
          reference: `SEPA ${number}`,
          corrects: bookedOn(`${month}-17`),
        };
        const money = transfer(number, -1, `${month}-18`);
        return [entry(accountId, 'reversal', moved('available', 'sold', 4007), undefined, { ...said, money })];
      }
      if (date === 22 && number % 3 === 2) return generatedTopUp(accountId, countryOf(accountId), at);
      if (date === 12) {
        const said = { reason: `counted twice, "see" CASE-${number}`, reference: `CASE-${number}` };
        return [entry(accountId, 'adjustment', moved('available', 'adjusted', 7), undefined, said)];
      }
      return date === 27 ? [entry(accountId, 'expiry', moved('available', 'expired', 50))] : [];
    });
  }
}

/** Of each account the lots of its last two days: a day can be exported again. */
function lotsInMemory(): LotBook {
  const kept = new Map<string, { day: string; lots: Lots }[]>();
  return {
    before: async (accountId, day) => kept.get(accountId)?.findLast(({ day: of }) => of < day)?.lots ?? NO_LOTS,
    keep: async (accountId, day, { lots }) => {
      const before = (kept.get(accountId) ?? []).filter(({ day: of }) => of !== day);
      kept.set(accountId, [...before.slice(-1), { day, lots }]);
    },
  };
}

export function nameOf(accountId: string): string {
  const number = Number(accountId.slice(5));
  return ['Acme Films', 'Müller, Söhne & Co', '映画館', 'Faro "Cursos"'][number % 4] ?? '';
}

export function shardOf(accountId: string): number {
  return crc32(accountId) % DAY_SHARDS;
}

function moved(from: Posting['account'], to: Posting['account'], amount: number): Posting[] {
  return [
    { account: from, amount: -amount },
    { account: to, amount },
  ];
}

/** A third of the accounts changes its plan at noon of the tenth. */
function planOf(number: number, sinceFirst: number): (typeof PLANS)[number] {
  const changed = number % 3 === 0 && sinceFirst >= 9.5 * DAY_MS ? 1 : 0;
  return PLANS[(number + changed) % PLANS.length] ?? 'trial';
}

function madeOf({ function: made, model, keyId, plan }: DayJob) {
  return { function: made as 'extend', ...(model && { model }), keyId, ...(plan && { plan }) };
}

function entryOf({ accountId }: DayJob, entry: ReturnType<typeof hold>, bookedAt: string): DayEntry {
  return { ...entry, accountId, bookedAt };
}

async function* pages<Item>(items: readonly Item[]): AsyncGenerator<Item[]> {
  for (let at = 0; at < items.length; at += PAGE) yield items.slice(at, at + PAGE);
}

/** Keeps the last two days. */
function remember<Value>(days: Map<string, Value>, day: string, value: Value): Value {
  days.set(day, value);
  for (const [old] of days) if (days.size > 3) days.delete(old);
  return value;
}

/** Mulberry32: the same numbers of [0, 1) for the same seed. */
function numbers(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
