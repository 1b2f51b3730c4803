/** The kinds of ledger entries, as a closed set: credits/ledger.ts has what each moves. */
export const LEDGER_KINDS = [
  'grant',
  'purchase',
  'refund',
  'expiry',
  'adjustment',
  'hold',
  'capture',
  'release',
] as const;
