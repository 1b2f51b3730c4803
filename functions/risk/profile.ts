/**
 * What is kept of the use of an account or of one key: sketches of the window that is open and of the one before, for events
 * that come late, and of an account the highest of each past day and from where it is used. All of it is bounded, whatever
 * is done. `absorb` changes a profile in place; the order of events within a window and their repetition change nothing.
 */
import {
  PAST_DAYS,
  PAST_MEASURES,
  type PastMeasure,
  RISK_WINDOWS,
  type RiskMeasure,
  type RiskWindow,
} from '../catalogue/risk-rules.ts';
import { utcDay } from '../data/day-shard.ts';
import { add, hashOf, type Sketch, sizeOf } from './sketch.ts';
import type { Seen, Use } from './use.ts';

/** When something was seen first and last, in hours since 1970. */
type Span = [first: number, last: number];

export interface Profile {
  /** By measure, then by the beginning of the window, epoch ms. */
  windows: Partial<Record<RiskMeasure, Record<string, Sketch>>>;
}

export interface AccountProfile extends Profile {
  /** The highest of each UTC day. */
  days: Record<string, Partial<Record<PastMeasure, number>>>;
  /** By their hashes. */
  networks: Record<string, Span>;
  clients: Record<string, Span>;
}

export const newProfile = (): Profile => ({ windows: {} });
export const newAccountProfile = (): AccountProfile => ({ windows: {}, days: {}, networks: {}, clients: {} });

/** Of an account that is used from more than these, nothing can be said to be new. */
export const MOST_NETWORKS = 192;
export const MOST_CLIENTS = 32;
/** So long after it was first seen, a network or a client is one of the account's own. */
const USUAL_HOURS = 24;
const HOUR_MS = 3600_000;

export const windowOf = (measure: RiskMeasure): RiskWindow => measure.slice(measure.indexOf('@') + 1) as RiskWindow;

/** When the window of a measure begins that has this moment in it; epoch ms. */
export function windowStart(measure: RiskMeasure, at: number): number {
  const length = RISK_WINDOWS[windowOf(measure)];
  return Math.floor(at / length) * length;
}

/** Takes up one call; `key` is the profile of the key that made it. */
export function absorb(account: AccountProfile, key: Profile | undefined, use: Use): void {
  const hour = Math.floor(use.at / HOUR_MS);
  const hasNewNetwork = isNew(account.networks, use.network, { hour, most: MOST_NETWORKS });
  const hasNewClient = isNew(account.clients, use.client, { hour, most: MOST_CLIENTS });
  if (!key) return;
  const measured = measuredOf(use, { hasNewNetwork, hasNewClient });
  for (const [measure, thing] of Object.entries(measured) as [RiskMeasure, string][]) {
    const hashed = hashOf(thing);
    count(account, measure, hashed, use.at);
    count(key, measure, hashed, use.at);
  }
  keepPast(account, use.at);
}

/** Whether it was never there before the last day; and keeps that it is there. */
function isNew(
  known: Record<string, Span>,
  thing: string | undefined,
  { hour, most }: { hour: number; most: number },
): boolean {
  if (thing === undefined) return false;
  const name = String(hashOf(thing));
  const span = known[name];
  if (span) {
    span[0] = Math.min(span[0], hour);
    span[1] = Math.max(span[1], hour);
    return span[0] > hour - USUAL_HOURS;
  }
  const isFull = Object.keys(known).length >= most;
  if (isFull) forgetOldest(known, hour);
  known[name] = [hour, hour];
  return !isFull;
}

function forgetOldest(known: Record<string, Span>, hour: number): void {
  const all = Object.entries(known);
  const past = all.filter(([, [, last]]) => last < hour - PAST_DAYS * 24);
  const oldest = all.toSorted(([, one], [, other]) => one[1] - other[1]).slice(0, 1);
  for (const [name] of past.length > 0 ? past : oldest) delete known[name];
}

function measuredOf(
  { eventId, network, client, seen }: Use,
  { hasNewNetwork, hasNewClient }: { hasNewNetwork: boolean; hasNewClient: boolean },
): Partial<Record<RiskMeasure, string>> {
  const isStranger = hasNewNetwork && hasNewClient;
  return {
    ...of('calls@1h', seen.calls),
    ...of('starts@1h', seen.starts),
    ...of('networks@10m', network),
    ...of('networks@1d', network),
    ...of('clients@1d', client),
    ...of('refused_functions@1h', seen.refused_functions),
    ...of('sought_ids@1h', seen.sought_ids),
    ...of('refused_texts@1d', seen.refused_texts),
    ...of('old_links@1h', seen.old_links),
    ...(isStranger && { ...of('stranger_starts@1h', seen.starts), ...of('stranger_links@1h', seen.links) }),
    ...(!hasNewNetwork && network !== undefined && of('usual_calls@1h', eventId)),
  };
}

const of = (measure: RiskMeasure, thing: Seen[keyof Seen]) => (thing === undefined ? {} : { [measure]: thing });

function count(profile: Profile, measure: RiskMeasure, hashed: number, at: number): void {
  const length = RISK_WINDOWS[windowOf(measure)];
  const start = windowStart(measure, at);
  profile.windows[measure] ??= {};
  const windows = profile.windows[measure];
  const newest = Math.max(start, ...Object.keys(windows).map(Number));
  // Later than one window: it is in no window that still counts.
  if (start < newest - length) return;
  windows[start] ??= [];
  add(windows[start], hashed);
  for (const old of Object.keys(windows)) if (Number(old) < newest - length) delete windows[old];
}

function keepPast(account: AccountProfile, at: number): void {
  const day = utcDay(at);
  account.days[day] ??= {};
  const highest = account.days[day];
  for (const measure of PAST_MEASURES) {
    const size = sizeIn(account, measure, at);
    if (size > 0) highest[measure] = Math.max(highest[measure] ?? 0, size);
  }
  const days = Object.keys(account.days);
  if (days.length <= PAST_DAYS + 1) return;
  const [oldest = day] = days.toSorted();
  delete account.days[oldest];
}

/** How many different ones were seen in the window of a moment. */
export function sizeIn({ windows }: Profile, measure: RiskMeasure, at: number): number {
  return sizeOf(windows[measure]?.[windowStart(measure, at)] ?? []);
}

/** Of the days before that of the moment: how many the account was used on, and the highest of each measure. */
export function pastOf(
  { days }: AccountProfile,
  at: number,
): { days: number; highest: Partial<Record<PastMeasure, number>> } {
  const today = utcDay(at);
  const first = utcDay(at - PAST_DAYS * 24 * HOUR_MS);
  const past = Object.entries(days).filter(([day]) => day < today && day >= first);
  const highest: Partial<Record<PastMeasure, number>> = {};
  for (const [, of] of past) {
    for (const [measure, size] of Object.entries(of) as [PastMeasure, number][]) {
      highest[measure] = Math.max(highest[measure] ?? 0, size);
    }
  }
  return { days: past.length, highest };
}
