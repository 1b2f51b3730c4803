import type { Words } from '../words.ts';

const PLAN: Words = {
  id: 'Its name.',
  object: 'What this is.',
  functions: 'What may be made.',
  models: 'With which models.',
  qualities: 'In which qualities.',
  videos_per_day: 'Videos that may be started a UTC day.',
  concurrency: 'Videos that may be unfinished at once.',
  requests_per_second: 'Calls of any kind a second, for long.',
  request_burst: 'Calls at once.',
  requests_per_day: 'Calls a UTC day.',
  priority: 'Turns in the queue for one of the smallest plan.',
  support_hours: 'Within how many hours support answers.',
};

export const LIMITS_ANSWERED: Words = {
  ...Object.fromEntries(
    ['listPlans', 'readLimits'].flatMap(owner =>
      Object.entries(PLAN).map(([name, words]) => [`${owner}.${name}`, words]),
    ),
  ),
  'listPlans.data': 'All plans, the smallest first.',
  'listPlans.has_more': 'Always false: these are all.',
  'readLimits.id': 'Of the plan, or of the calling key.',
  'readLimits.plan': 'The plan, as it is at this moment.',
  'readLimits.videos_today': 'Videos that were started on this UTC day, with all keys of the account.',
  'readLimits.unfinished': 'Videos that are not finished.',
  'readLimits.limit': 'What the plan allows.',
  'readLimits.used': 'What is used of it.',
  'readLimits.remaining': 'What is left of it.',
  'readLimits.resets_at': 'When the count starts again, UTC.',
  'readLimits.requests': 'Calls of any kind: the gateway counts them, and answers 429 beyond.',
  'readLimits.per_second': 'For long.',
  'readLimits.burst': 'At once.',
  'readLimits.per_day': 'A UTC day.',
  'readLimits.day_resets_at': 'When the day is over, UTC.',
  'readLimits.credits': 'What all keys share.',
  'readLimits.available': 'Credits that can be spent.',
  'readLimits.held': 'Credits that unfinished videos hold.',
  'readLimits.key': 'The calling key; null where a person calls.',
  'readLimits.spend_limit': 'Credits that it may spend in all; null: no limit.',
  'readLimits.spent': 'What it has spent of the limit.',
  'readLimits.spendable': 'What is left of the limit.',
};
