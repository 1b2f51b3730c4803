/** Whose turn it is where many jobs wait. A platform of its own: it fills the queue. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '../../functions/generation/job.ts';
import { SMALL } from '../support/api-client.ts';
import { Platform } from '../support/platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await Platform.start();
});
afterAll(() => platform?.stop());

it('an account that floods the queue with 200 jobs does not make another wait for them (clause 3.6b)', async () => {
  const flooding = await platform.customer({ plan: 'enterprise' });
  const quiet = await platform.customer();
  for (let batch = 0; batch < 10; batch++) {
    const replies = await Promise.all(Array.from({ length: 20 }, () => flooding.api.generate()));
    expect(replies.map(({ ErrCode }) => ErrCode)).toEqual(Array(20).fill(0));
  }
  const endedOf = async (accountId: string): Promise<number> =>
    (await platform.items<Job>('Jobs', accountId)).filter(({ state }) => state === 'succeeded').length;

  const waits: number[] = [];
  const overtaken: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const before = await endedOf(flooding.accountId);
    const since = performance.now();
    const { Resp } = await quiet.api.generate(SMALL);
    expect((await quiet.api.ended(Resp.video_id)).Resp.status).toBe(1);
    waits.push(Math.round(performance.now() - since));
    overtaken.push((await endedOf(flooding.accountId)) - before);
  }
  const waiting = 200 - (await endedOf(flooding.accountId));
  console.log(
    `waits of the quiet account: ${waits.join(', ')} ms, while ${waiting} jobs of the other were still waiting; made in between: ${overtaken.join(', ')}`,
  );
  // The job in hand is finished first, and one more may be taken while the quiet one is on its way to the queue.
  for (const count of overtaken) expect(count).toBeLessThanOrEqual(3);
  expect(waiting).toBeGreaterThan(150);
});
