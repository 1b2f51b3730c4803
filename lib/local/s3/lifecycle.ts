/**
 * Carries out the lifecycle rules of every bucket, at the start and then at each midnight UTC. S3 promises no more than
 * a daily run and removes later than that at times; here what is due at midnight is gone at midnight. A locked version
 * stays. Each key is one transaction, so a kill in the middle leaves nothing half done.
 */
import { setImmediate } from 'node:timers/promises';
import type { Bucket } from './buckets.ts';
import type { S3 } from './call.ts';
import {
  classBy,
  covers,
  daysPassed,
  expiresLatest,
  expiresMarker,
  expiresNoncurrent,
  nextMidnight,
} from './lifecycle-rules.ts';
import { locked, readVersion, type Version } from './version.ts';

/** Starts the daily run; the answer stops it, after the key at hand. */
export function startLifecycle(s3: S3): () => Promise<void> {
  const { context } = s3;
  let running: Promise<void> = Promise.resolve();
  let cancel = () => {};
  let stopped = false;
  const run = async (): Promise<void> => {
    for (const bucket of s3.buckets.all())
      if (bucket.config.lifecycle.length > 0) await applyRules(s3, bucket, () => stopped);
  };
  const begin = (): void => {
    running = running.then(run).catch(error => context.log('s3.lifecycle.failed', { error: String(error) }));
    cancel = context.clock.at(nextMidnight(context.clock.now()), begin);
  };
  begin();
  return async () => {
    stopped = true;
    cancel();
    await running;
  };
}

async function applyRules(s3: S3, bucket: Bucket, stopped: () => boolean): Promise<void> {
  const { database, clock } = s3.context;
  const next = database.prepare('SELECT min(key) AS key FROM s3_versions WHERE bucket = ? AND key > ?');
  const history = database.prepare('SELECT * FROM s3_versions WHERE bucket = ? AND key = ? ORDER BY seq DESC');
  for (let key = ''; !stopped(); ) {
    const found = next.get(bucket.name, key)?.key;
    if (typeof found !== 'string') break;
    key = found;
    const now = clock.now();
    const versions = history.all(bucket.name, key).map(readVersion);
    const steps = versions.flatMap((version, index) => due(s3, bucket, version, versions, index - 1, now));
    if (steps.length > 0) {
      await s3.versions.change(() => {
        for (const step of steps) step();
      });
    }
    await setImmediate();
  }
  for (const { AbortIncompleteMultipartUpload: abort, ...rule } of bucket.config.lifecycle) {
    if (!abort || rule.Status !== 'Enabled' || stopped()) continue;
    const ended = s3.uploads
      .startedBefore(bucket.name, clock.now())
      .filter(upload => upload.key.startsWith(rule.Prefix ?? ''))
      .filter(upload => daysPassed(upload.started, abort.DaysAfterInitiation, clock.now()));
    await s3.versions.change(() => {
      for (const upload of ended) s3.versions.drop(...s3.uploads.end(upload.id));
    });
  }
}

/** What the rules do to one version now; `newer` counts the noncurrent versions above it. */
function due(
  s3: S3,
  bucket: Bucket,
  version: Version,
  all: readonly Version[],
  newer: number,
  now: number,
): (() => void)[] {
  const rules = bucket.config.lifecycle.filter(rule => covers(rule, version));
  const { versions } = s3;
  if (!version.latest) {
    const ends = rules.some(rule => expiresNoncurrent(rule, version, newer, now)) && !locked(version, now, false);
    if (ends) return [() => versions.remove(version)];
  } else if (version.marker) {
    const ends = all.length === 1 && rules.some(rule => expiresMarker(rule, version, now));
    return ends ? [() => versions.remove(version)] : [];
  } else if (rules.some(rule => expiresLatest(rule, version, now))) {
    return [() => void versions.delete(bucket, version.key, now)];
  }
  if (version.marker) return [];
  const to = rules.map(rule => classBy(rule, version, newer, now)).find(found => found !== undefined);
  return to && to !== version.storageClass ? [() => versions.setStorageClass(version, to)] : [];
}
