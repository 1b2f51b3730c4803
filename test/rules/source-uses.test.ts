import { describe, expect, it } from 'vitest';
import { unuseBy, useBy } from '../../functions/generation/source-uses.ts';
import { jobOf } from './sample-job.ts';

const NOW = Date.UTC(2026, 10, 24);
const source = (state: 'succeeded' | 'deleted', ...users: number[]) =>
  jobOf({ state, ...(users.length > 0 && { usedBy: new Set(users) }) });

describe('a job that works on a video', () => {
  it('is noted by its admission, which a deleted video refuses', () => {
    expect(useBy(7, NOW)).toMatchObject({
      UpdateExpression: 'ADD usedBy :job',
      ConditionExpression: '#state = :succeeded AND (attribute_not_exists(keptUntilMs) OR keptUntilMs > :now)',
      ExpressionAttributeValues: { ':job': new Set([7]), ':now': NOW },
    });
  });

  it('is taken away by its end, once, and whoever deleted the video meanwhile is noticed', () => {
    expect(unuseBy(7, source('succeeded', 7, 8), NOW)).toMatchObject({ ConditionExpression: '#state = :state' });
    expect(unuseBy(7, source('succeeded', 7), NOW)?.UpdateExpression).toBe('DELETE usedBy :job');
    expect(unuseBy(7, source('succeeded', 8), NOW)).toBeUndefined();
    expect(unuseBy(7, source('deleted'), NOW)).toBeUndefined();
  });

  it('has the bytes of a deleted video removed at its end where it is the last, and only then', () => {
    expect(unuseBy(7, source('deleted', 7, 8), NOW)).toMatchObject({
      UpdateExpression: 'DELETE usedBy :job',
      ConditionExpression: '#state = :state AND size(usedBy) > :one',
    });
    expect(unuseBy(7, source('deleted', 7), NOW)).toMatchObject({
      UpdateExpression: 'SET dueAt = :now, openShard = :shard DELETE usedBy :job',
      ConditionExpression: '#state = :state AND usedBy = :job',
      ExpressionAttributeValues: { ':now': NOW },
    });
  });
});
