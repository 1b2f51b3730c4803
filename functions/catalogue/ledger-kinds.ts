/** The kinds of ledger entries, as a closed set: credits/ledger.ts has what each moves. */
export const LEDGER_KINDS = [
  'grant',
  'purchase',
  'refund',
  'reversal',
  'expiry',
  'adjustment',
  'hold',
  'capture',
  'release',
] as const;

/** Credits that one person gives away alone on a UTC day, by whatever kind of entry; more takes a second person. Set by us. */
export const GIVEN_ALONE = 1_000_000;

/** Days for which a gift lasts from the day on which it is given, by its kind, where nothing else is said. Set by us. */
export const GIFTS_LAST_DAYS = { opening: 365, by_hand: 365 } as const;

/** A notice comes so many days before a gift ends. */
export const END_NOTICE_DAYS = 14;

/** Before the first entry that there can be: a UTC day. */
export const BEGINNING = '2025-01-01';
