import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utcDay } from '../../functions/data/day-shard.ts';
import { accountKey, dayKey, imageKey, jobKey, keyKey, mediaKey } from '../../functions/data/item-keys.ts';
import { OPEN_SHARDS, openShard } from '../../functions/generation/job.ts';

const id = fc.maxSafeNat();

describe('the key of an item', () => {
  it('puts a job of an account after all its older ones', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(jobKey('acct_1', one).sk < jobKey('acct_1', other).sk).toBe(one < other);
      }),
    );
  });

  it('never stands for two of a job, an image and uploaded media, nor for items of two accounts', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        const keys = [jobKey, imageKey, mediaKey].flatMap(key => [key('acct_1', one), key('acct_1', other)]);
        expect(new Set(keys.map(({ sk }) => sk)).size).toBe(one === other ? 3 : 6);
        expect(jobKey('acct_1', one).pk).not.toBe(jobKey('acct_2', one).pk);
      }),
    );
  });

  it('keeps an account, its days and a key of the same name apart', () => {
    const keys = [accountKey('a'), dayKey('a', '2026-11-23'), dayKey('a', '2026-11-24'), keyKey('a')];
    expect(new Set(keys.map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(keys.length);
  });
});

describe('an open job', () => {
  it('lies in one of the partitions that the reconciler reads', () => {
    const shards = Array.from({ length: OPEN_SHARDS }, (_, shard) => `OPEN#${shard}`);
    fc.assert(
      fc.property(id, jobId => {
        expect(shards).toContain(openShard(jobId));
      }),
    );
  });
});

describe('a day', () => {
  it('begins at midnight UTC', () => {
    expect(utcDay(Date.parse('2026-11-23T23:59:59.999Z'))).toBe('2026-11-23');
    expect(utcDay(Date.parse('2026-11-24T00:00:00.000Z'))).toBe('2026-11-24');
    expect(utcDay(Date.parse('2026-11-24T01:00:00.000+02:00'))).toBe('2026-11-23');
  });
});
