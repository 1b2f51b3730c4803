/** What members mean in the calls about use and money. */
import type { Words } from '../words.ts';

export const FINANCE_ASKED: Words = {
  'readUsage.from': 'The first UTC day.',
  'readUsage.to': 'The last UTC day, at most 91 after the first.',
  'readUsage.group_by':
    'Any of day, function, model and key, separated by commas; one row of everything where left out.',
  'readUsage.cursor': '`next_cursor` of the page before.',
  'listLedger.kind': 'Only entries of this kind.',
  'listLedger.from': 'The first UTC day.',
  'listLedger.to': 'The last UTC day.',
  'listLedger.cursor': '`next_cursor` of the page before.',
  'listLedger.limit': 'How many on a page; 20 where left out.',
};

const COUNTS: Words = {
  'readUsage.started': 'Videos started.',
  'readUsage.succeeded': 'Videos that ended so, counted on the day on which they ended, as the next three are.',
  'readUsage.failed': 'Videos that failed.',
  'readUsage.cancelled': 'Videos that were cancelled.',
  'readUsage.rejected': 'Videos that were rejected.',
  'readUsage.credits_held': 'Set aside at the start.',
  'readUsage.credits_charged': 'Charged at the end.',
  'readUsage.credits_released': 'Given back at the end.',
  'readUsage.seconds': 'Of finished film.',
};

export const FINANCE_ANSWERED: Words = {
  ...COUNTS,
  'readUsage.from': 'The first UTC day.',
  'readUsage.to': 'The last UTC day.',
  'readUsage.group_by': 'What the rows are of.',
  'readUsage.data': 'A row for each group. Rows of one group on several pages add up.',
  'readUsage.day': 'The UTC day, where grouped by it.',
  'readUsage.function': 'The function, where grouped by it.',
  'readUsage.model': 'The model, where grouped by it; empty for functions that have none.',
  'readUsage.totals': 'Of this page.',
  'readUsage.key_id': 'The key, or the person, that started it.',
  'listLedger.key_id': 'The key, or the person, that started it.',
  'readUsage.next_cursor': 'Of the next page; null where there is none.',
  'listLedger.next_cursor': 'Of the next page; null where there is none.',
  'readUsage.has_more': 'Whether there is another page.',
  'listLedger.has_more': 'Whether there is another page.',
  'readUsage.object': 'What kind of object this is.',
  'listLedger.object': 'What kind of object this is.',
  'listLedger.id': 'The entry, unique in the account.',
  'listLedger.data': 'Entries, newest first. A page may have fewer than asked for, or none, and more after it.',
  'listLedger.function': 'What the video is made by.',
  'listLedger.model': 'The model of the video.',
  'listLedger.kind': 'What happened.',
  'listLedger.booked_at': 'When, ISO 8601 in UTC.',
  'listLedger.available': 'What it added to the credits that can be spent; negative where it took away.',
  'listLedger.held': 'What it added to the credits that open videos hold.',
  'listLedger.video_id': 'The video that it is about.',
  'listLedger.plan': 'The plan when the video was started.',
  'listLedger.money': 'What was paid, or paid back.',
  'listLedger.amount': "In the currency's smallest unit, such as cents.",
  'listLedger.currency': 'ISO 4217.',
  'listLedger.reference': 'Of the payment.',
};
