/** Calls about use and money. */
import type { Example } from '../bodies.ts';

const COUNTS = {
  ...{ started: 12, succeeded: 10, failed: 1, cancelled: 1, rejected: 0 },
  ...{ credits_held: 540, credits_charged: 450, credits_released: 90, seconds: 50 },
};

export const FINANCE: Readonly<Record<string, Example>> = {
  readUsage: {
    query: { from: '2026-11-01', to: '2026-11-23', group_by: 'function' },
    answer: {
      ...{ object: 'usage', from: '2026-11-01', to: '2026-11-23', group_by: ['function'] },
      ...{ data: [{ function: 'text_to_video', ...COUNTS }], totals: COUNTS },
      ...{ has_more: false, next_cursor: null },
    },
  },
  listLedger: {
    query: { kind: 'hold', limit: '1' },
    answer: {
      object: 'list',
      data: [
        {
          ...{ id: 'job#250473926504802#hold', object: 'ledger_entry', kind: 'hold' },
          ...{ booked_at: '2026-11-23T04:13:57.000Z', available: -35, held: 35, video_id: 'video_250473926504802' },
          ...{ function: 'text_to_video', model: 'v6', key_id: 'key_019a3f2c4d5eAbCdEfGhIjKlMn', plan: 'essential' },
          money: null,
        },
      ],
      ...{ has_more: true, next_cursor: 'WyIyMDI2LTExLTIzVDA0OjEzOjU3LjAwMFoiLCJqb2IjMjUwNDczOTI2NTA0ODAyI2hvbGQiXQ' },
    },
  },
};
