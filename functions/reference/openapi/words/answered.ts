/** What members mean in responses of the PixVerse dialect about credits. */
import type { Words } from '../words.ts';

export const ANSWERED: Words = {
  'usageDetail.video_id': 'The creation that it was for.',
  'usageDetail.credits': 'How many.',
  'usageDetail.id': 'The entry in the ledger.',
  'usageDetail.create_time': '`YYYY-MM-DD HH:mm:ss`, UTC.',
  account_id: 'Your account.',
  credit_monthly: 'Credits that come with the plan each month.',
  credit_package: 'Credits that were bought or given.',
  items: 'Those on this page, newest first.',
  creation_type: 'What was made.',
  credits_status: '`consume`: held for it. `refund`: given back.',
  next_cursor: 'For the next page; empty on the last.',
  has_more: 'Whether there are more.',
};
