import { now, random, setting } from '../runtime/runtime.ts';
import { expireMedia } from './expire-media-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') },
  mediaBucket: setting('MEDIA_BUCKET'),
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  now,
  random,
};

/** Runs every night; a run that fails, or comes twice, goes on where the last one was. */
export async function handler(): Promise<object> {
  return expireMedia(DEPENDENCIES);
}
