/** What an entry of the ledger does, as a closed set: credits/ledger.ts says what each moves. */
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
