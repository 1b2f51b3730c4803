/** Calls of the PixVerse dialect about credits. */
import type { Example } from '../../../http/route.ts';

export const OTHER_CALLS: Readonly<Record<string, Example>> = {
  balance: { answer: { account_id: 250470018834220, credit_monthly: 0, credit_package: 14965 } },
  usageDetail: {
    body: { start_time: '2026-11-01 00:00:00', end_time: '2026-11-23 23:59:59', limit: 1 },
    answer: {
      items: [
        {
          id: 'job#250473926504802#hold',
          video_id: 250473926504802,
          creation_type: 'text_to_video',
          credits: 35,
          credits_status: 'consume',
          create_time: '2026-11-23 04:13:57',
        },
      ],
      next_cursor: 'WyIyMDI2LTExLTIzVDA0OjEzOjU3LjAwMFoiLCJqb2IjMjUwNDczOTI2NTA0ODAyI2hvbGQiXQ',
      has_more: true,
    },
  },
};
