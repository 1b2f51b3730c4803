/**
 * A month of normal use, made up the same way every time, as the audit trail records it: what accounts are like is said
 * once, in KINDS. Abuse is planted into it, and bursts, which are no abuse.
 */
import type { AuditEvent } from '../../functions/audit/event.ts';
import { momentDigits } from '../../functions/runtime/ids.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const EPOCH_2025 = Date.UTC(2025, 0, 1);

/** Numbers from 0 to below 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a kind of customer is like. */
interface Kind {
  readonly name: string;
  readonly about: string;
  /** Videos on a usual day, from and to. */
  readonly videos: readonly [number, number];
  /** Hours of its own zone in which it works. */
  readonly hours: readonly [number, number];
  readonly weekends: boolean;
  readonly keys: number;
  /** Networks that it always has, and how many others it meets on a day. */
  readonly networks: number;
  readonly passing: readonly [number, number];
  readonly clients: readonly string[];
  /** Of texts, how many are refused. */
  readonly refused: number;
  /** A night a week, with so many videos within three hours. */
  readonly batch?: number;
  /** A day of the month with so many times the usual. */
  readonly launch?: number;
  /** Runs of a build: so many machines, each in a network of its own, call within some minutes. */
  readonly builds?: number;
}

export const KINDS: readonly Kind[] = [
  {
    name: 'shop',
    about: 'one server, in business hours',
    videos: [4, 40],
    hours: [8, 18],
    weekends: false,
    keys: 1,
    networks: 1,
    passing: [0, 1],
    clients: ['axios/1.7.2'],
    refused: 0.005,
  },
  {
    name: 'team',
    about: 'people in four offices and at home, each with a key, by hand and by script',
    videos: [20, 90],
    hours: [7, 20],
    weekends: false,
    keys: 8,
    networks: 4,
    passing: [2, 8],
    clients: ['python-requests/2.32.3', 'curl/8.9.1', 'Mozilla/5.0 (X11; Linux)'],
    refused: 0.02,
  },
  {
    name: 'service',
    about: 'a backend at a cloud, day and night, that grows and shrinks',
    videos: [60, 220],
    hours: [0, 24],
    weekends: true,
    keys: 2,
    networks: 3,
    passing: [1, 4],
    clients: ['OpenAI/JS 5.12.0'],
    refused: 0.015,
    launch: 8,
  },
  {
    name: 'mobile',
    about: 'field workers on mobile networks, one program',
    videos: [10, 40],
    hours: [6, 22],
    weekends: true,
    keys: 3,
    networks: 1,
    passing: [10, 25],
    clients: ['okhttp/4.12.0'],
    refused: 0.01,
  },
  {
    name: 'batch',
    about: 'little by day, and a batch a week by night',
    videos: [5, 30],
    hours: [9, 19],
    weekends: false,
    keys: 1,
    networks: 2,
    passing: [0, 1],
    clients: ['python-httpx/0.27.0'],
    refused: 0.01,
    batch: 180,
  },
  {
    name: 'builds',
    about: 'tests of a build on hosted machines, some of which test refusals',
    videos: [10, 30],
    hours: [8, 23],
    weekends: false,
    keys: 2,
    networks: 1,
    passing: [1, 3],
    clients: ['node', 'python-requests/2.32.3'],
    refused: 0.03,
    builds: 20,
  },
];

export interface GeneratedAccount {
  readonly accountId: string;
  readonly kind: Kind;
  readonly keys: readonly string[];
  readonly networks: readonly string[];
  readonly events: AuditEvent[];
}

export interface Span {
  /** Epoch ms, at 0:00 UTC. */
  readonly from: number;
  readonly days: number;
}

/** The calls of one account, in the order of time. */
export class Calls {
  readonly events: AuditEvent[] = [];
  readonly #accountId: string;
  readonly #random: () => number;
  #count = 0;

  constructor(accountId: string, random: () => number) {
    this.#accountId = accountId;
    this.#random = random;
  }

  add(
    at: number,
    from: { key: string; network: string; client: string },
    call: Pick<AuditEvent, 'action' | 'subject'> & { reason?: string; detail?: NonNullable<AuditEvent['detail']> },
  ): void {
    const host = 1 + Math.floor(this.#random() * 250);
    this.events.push({
      eventId: `evt_${momentDigits(at)}${String(this.#count++).padStart(14, '0')}`,
      accountId: this.#accountId,
      at: new Date(at).toISOString(),
      actorKind: 'key',
      actorId: from.key,
      address: `${from.network}.${host}`,
      client: from.client,
      ...call,
    });
  }

  /** A video: started, looked at, and its link taken. */
  video(at: number, from: { key: string; network: string; client: string }): string {
    const video = videoAt(at, this.#random);
    this.add(at, from, { action: 'key.used', subject: 'POST /v1/videos', detail: { status: 200, video } });
    for (const after of [20_000, 40_000, 60_000]) {
      this.add(at + after, from, {
        action: 'key.used',
        subject: 'GET /v1/videos/{id}',
        detail: { status: 200, video },
      });
    }
    this.add(at + 61_000, from, {
      action: 'key.used',
      subject: 'GET /v1/videos/{id}/content',
      detail: { status: 200, video },
    });
    return video;
  }

  refused(
    at: number,
    from: { key: string; network: string; client: string },
    subject: string,
    reason: string,
    sought?: string,
  ): void {
    this.add(at, from, {
      action: 'call.refused',
      subject,
      reason,
      detail: { status: 400, ...(sought !== undefined && { sought }) },
    });
  }

  sorted(): AuditEvent[] {
    return this.events.sort((one, other) => (one.eventId < other.eventId ? -1 : 1));
  }
}

export function videoAt(at: number, random: () => number): string {
  return `video_${Math.floor((at - EPOCH_2025) / 1000) * 2 ** 22 + Math.floor(random() * 2 ** 22)}`;
}

export const networkAt = (random: () => number): string =>
  `${11 + Math.floor(random() * 180)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`;

const between = (random: () => number, [least, most]: readonly [number, number]): number =>
  least + Math.floor(random() * (most - least + 1));
const pick = <Item>(random: () => number, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;

/** The normal use of the account of this number. */
export function normalUse(number: number, seed: number, { from, days }: Span): GeneratedAccount {
  const random = seeded(seed * 100_003 + number);
  const kind = KINDS[number % KINDS.length] as Kind;
  const accountId = `acct_${String(number).padStart(4, '0')}`;
  const calls = new Calls(accountId, random);
  const keys = Array.from({ length: kind.keys }, (_, index) => `key_${String(number).padStart(4, '0')}n${index}`);
  const networks = Array.from({ length: kind.networks }, () => networkAt(random));
  const zone = (Math.floor(random() * 24) - 12) * HOUR;
  const usual = between(random, kind.videos);
  const launchDay = Math.floor(random() * days);
  const batchDay = Math.floor(random() * 7);
  const place = (network = pick(random, networks)) => ({
    key: pick(random, keys),
    network,
    client: pick(random, kind.clients),
  });
  for (let day = 0; day < days; day++) {
    const midnight = from + day * DAY + zone;
    const isWeekend = [0, 6].includes(new Date(from + day * DAY).getUTCDay());
    if (isWeekend && !kind.weekends) continue;
    const passing = Array.from({ length: between(random, kind.passing) }, () => networkAt(random));
    const everywhere = [...networks, ...networks, ...passing];
    const isLaunch = kind.launch !== undefined && day === launchDay;
    const count = Math.round(usual * (0.6 + random() * 0.8) * (isLaunch ? (kind.launch ?? 1) : 1));
    const [opens, closes] = isLaunch ? [10, 18] : kind.hours;
    for (let index = 0; index < count; index++) {
      const at = Math.floor(midnight + (opens + random() * (closes - opens)) * HOUR);
      const where = place(pick(random, everywhere));
      if (random() < kind.refused) calls.refused(at, where, 'POST /v1/videos', 'content_refused');
      else calls.video(at, where);
      // Slips: an id with a digit too few, a function that the key may not use, credits that are used up.
      if (random() < 0.01)
        calls.refused(at + 5_000, where, 'GET /v1/videos/{id}', 'not_found', `slip${day}-${index % 3}`);
      if (random() < 0.005) calls.refused(at + 6_000, where, 'POST /v1/videos', 'no_permission');
      if (random() < 0.01) calls.refused(at + 7_000, where, 'POST /v1/videos', 'insufficient_credits');
    }
    if (kind.batch !== undefined && (day + batchDay) % 7 === 0) {
      const where = place(networks[0]);
      for (let index = 0; index < kind.batch; index++)
        calls.video(Math.floor(midnight + (1 + random() * 3) * HOUR), where);
    }
    if (kind.builds !== undefined) {
      for (let run = 0; run < 3; run++) {
        const starts = midnight + (9 + run * 4) * HOUR;
        for (let machine = 0; machine < kind.builds; machine++) {
          const where = { key: keys[0] ?? '', network: networkAt(random), client: pick(random, kind.clients) };
          const at = Math.floor(starts + random() * 8 * 60_000);
          calls.add(at, where, { action: 'key.used', subject: 'GET /v1/models', detail: { status: 200 } });
          if (machine < 2) calls.refused(at + 1_000, where, 'GET /v1/videos/{id}', 'not_found', `test-${machine}`);
          if (machine === 2) calls.refused(at + 1_000, where, 'POST /v1/videos', 'content_refused');
          if (machine === 3) calls.refused(at + 1_000, where, 'POST /v1/keys', 'no_permission');
        }
      }
    }
    // Once in a while somebody tries a new program at home, a few videos long.
    if (random() < 0.05) {
      const where = {
        key: pick(random, keys),
        network: networkAt(random),
        client: `trial-${Math.floor(random() * 1_000)}/1`,
      };
      const tries = between(random, [1, 6]);
      for (let index = 0; index < tries; index++)
        calls.video(Math.floor(midnight + 19 * HOUR + index * 180_000), where);
    }
    // And looks through what was made before.
    if (random() < 0.2) {
      const where = place();
      for (let index = 0; index < 60; index++) {
        const video = videoAt(from - DAY * (2 + random() * 30), random);
        calls.add(Math.floor(midnight + 15 * HOUR + index * 4_000), where, {
          action: 'key.used',
          subject: 'GET /v1/videos/{id}',
          detail: { status: 200, video },
        });
      }
    }
  }
  return { accountId, kind, keys, networks, events: calls.sorted() };
}

type Plant = (account: GeneratedAccount, calls: Calls, at: number, random: () => number) => void;

/** Where the account usually calls from. */
const usualPlace = ({ keys, networks, kind }: GeneratedAccount) => ({
  key: keys[0] ?? '',
  network: networks[0] ?? '',
  client: kind.clients[0] ?? '',
});
/** What the account does meanwhile: it goes on. */
const goOn = (account: GeneratedAccount, calls: Calls, at: number) => {
  for (let minute = 0; minute < 60; minute += 5) {
    calls.add(at + minute * 60_000, usualPlace(account), {
      action: 'key.used',
      subject: 'GET /v1/models',
      detail: { status: 200 },
    });
  }
};

/** Abuse, by the rule that is to catch it: what is done from the moment `at` on. */
export const PLANTED: Readonly<Record<string, Plant>> = {
  sudden_calls: (account, calls, at) => {
    for (let call = 0; call < 30_000; call++) {
      calls.add(at + call * 100, usualPlace(account), {
        action: 'key.used',
        subject: 'GET /v1/credits',
        detail: { status: 200 },
      });
    }
  },
  sudden_starts: (account, calls, at) => {
    for (let video = 0; video < 3_000; video++) calls.video(at + video * 1_000, usualPlace(account));
  },
  many_networks: (account, calls, at, random) => {
    for (let call = 0; call < 600; call++) {
      const where = { ...usualPlace(account), network: networkAt(random) };
      calls.add(at + call * 2_000, where, { action: 'key.used', subject: 'GET /v1/credits', detail: { status: 200 } });
    }
  },
  leaked_key: (account, calls, at, random) => {
    goOn(account, calls, at);
    const where = { ...usualPlace(account), network: networkAt(random), client: 'grabber/0.1' };
    for (let video = 0; video < 40; video++) calls.video(at + video * 30_000, where);
  },
  leaked_key_reads: (account, calls, at, random) => {
    goOn(account, calls, at);
    const where = { ...usualPlace(account), network: networkAt(random), client: 'grabber/0.1' };
    for (let call = 0; call < 200; call++) {
      const video = videoAt(at - DAY * (2 + random() * 30), random);
      calls.add(at + call * 5_000, where, {
        action: 'key.used',
        subject: 'GET /v1/videos/{id}/content',
        detail: { status: 200, video },
      });
    }
  },
  refused_functions: (account, calls, at) => {
    for (let call = 0; call < 30; call++)
      calls.refused(at + call * 3_000, usualPlace(account), `GET /v1/operators/things/${call}`, 'no_permission');
  },
  id_probing: (account, calls, at) => {
    for (let call = 0; call < 300; call++)
      calls.refused(at + call * 4_000, usualPlace(account), 'GET /v1/videos/{id}', 'not_found', `sought-${call}`);
  },
  refused_content: (account, calls, at) => {
    // Below what the screening itself counts within an hour; some days have fewer hours left than others.
    for (let call = 0; call < 600; call++)
      calls.refused(at + call * 190_000, usualPlace(account), 'POST /v1/videos', 'content_refused');
  },
  link_harvesting: (account, calls, at, random) => {
    for (let call = 0; call < 3_000; call++) {
      const video = videoAt(at - DAY * (2 + random() * 60), random);
      calls.add(at + call * 1_000, usualPlace(account), {
        action: 'key.used',
        subject: 'GET /v1/videos/{id}/content',
        detail: { status: 200, video },
      });
    }
  },
  reselling: (account, calls, at, random) => {
    for (let call = 0; call < 3_000; call++) {
      const where = { key: pick(random, account.keys), network: networkAt(random), client: `shop${call % 30}/2` };
      calls.add(at + call * 25_000, where, { action: 'key.used', subject: 'GET /v1/models', detail: { status: 200 } });
    }
  },
};

/** What is no abuse and looks like it, so many times the account's usual day within the hours that it takes. */
export const BURSTS: Readonly<
  Record<string, (account: GeneratedAccount, calls: Calls, at: number, times: number) => void>
> = {
  'a launch (within 8 hours)': (account, calls, at, times) => burst(account, calls, at, { times, hours: 8 }),
  'a batch night (within 3 hours)': (account, calls, at, times) => burst(account, calls, at, { times, hours: 3 }),
  'a move of house (all videos once)': (account, calls, at, times) => {
    const random = seeded(at);
    for (let call = 0; call < times * 100; call++) {
      const video = videoAt(at - DAY * (2 + random() * 60), random);
      calls.add(at + call * 2_000, usualPlace(account), {
        action: 'key.used',
        subject: 'GET /v1/videos/{id}/content',
        detail: { status: 200, video },
      });
    }
  },
  'a new colleague (a new program at home)': (account, calls, at, times) => {
    goOn(account, calls, at);
    const where = { ...usualPlace(account), network: networkAt(seeded(at)), client: 'newcomer/1' };
    for (let video = 0; video < times; video++) calls.video(at + video * 120_000, where);
  },
};

function burst(
  account: GeneratedAccount,
  calls: Calls,
  at: number,
  { times, hours }: { times: number; hours: number },
): void {
  const random = seeded(at + times);
  const [least, most] = account.kind.videos;
  const count = Math.round(((least + most) / 2) * times);
  for (let video = 0; video < count; video++)
    calls.video(Math.floor(at + random() * hours * HOUR), usualPlace(account));
}
