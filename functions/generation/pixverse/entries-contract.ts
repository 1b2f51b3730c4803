/** The functions that start videos of the PixVerse dialect; they respond to routes of several families. */
import type { Entry, Uses } from '../../http/route.ts';

/** What admission writes and reads, and the start of the execution. */
const ADMITTING: Uses = {
  core: ['GetItem', 'UpdateItem', 'ConditionCheckItem', 'PutItem'],
  jobs: ['GetItem', 'PutItem', 'ConditionCheckItem'],
  ledger: ['PutItem'],
  idempotency: ['GetItem', 'PutItem'],
  generations: ['start'],
};

export const CREATE: Entry = {
  source: 'functions/generation/generate.lambda.ts',
  uses: ADMITTING,
  settings: ['ENGINE'],
};

export const SELECT_MASKS: Entry = {
  source: 'functions/generation/select-masks.lambda.ts',
  uses: { ...ADMITTING, media: ['GetObject'] },
  settings: ['ENGINE'],
};
