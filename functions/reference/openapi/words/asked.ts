/** What members mean in calls of the PixVerse dialect about credits. */
import type { Words } from '../words.ts';

export const ASKED: Words = {
  start_time: 'The beginning, `YYYY-MM-DD HH:mm:ss` in UTC.',
  end_time: 'The end, at most 30 days later.',
  'usageDetail.limit': 'How many on a page; 20 where left out.',
  cursor: 'The `next_cursor` of the page before.',
  credits_status: '`consume` or `refund`; both where left out.',
  creation_type: 'One kind of creation or several; all where left out.',
};
