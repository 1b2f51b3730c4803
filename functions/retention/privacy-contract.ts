/** The privacy statement, for a reader who may not have an account yet: as a page, and as data. */
import * as z from 'zod';
import type { OpenRoute } from '../http/route.ts';

const words = z.string();

export const showPrivacy = {
  method: 'GET',
  path: '/privacy',
  summary: 'Shows the privacy statement: what is known of people, why, how long and who sees it.',
  input: z.strictObject({}),
  answers: {
    200: { description: 'The page.', contentType: 'text/html' },
    304: { description: 'The reader has it already, by its `etag`.' },
  },
  example: {},
} as const satisfies OpenRoute;

const record = z.object({
  about: words.describe('What it is of.'),
  why: z.array(words).describe('What it is used for.'),
  from: z.array(words).describe('Where it comes from.'),
  seen_by: z.array(words).describe('Who sees it.'),
  kept: words.describe('How long.'),
  members: z
    .array(
      z.object({
        name: words.describe('Its name in an export.'),
        what: words.describe('What it is.'),
        nearness: z.enum(['identity', 'content', 'pseudonym', 'fact']).describe('How near it is to a person.'),
      }),
    )
    .describe('What exactly.'),
});

export const readPrivacy = {
  method: 'GET',
  path: '/v1/privacy',
  summary: 'Reads the privacy statement as data: every member of every record, every kind of file, logs and reports.',
  input: z.strictObject({}),
  answers: {
    200: {
      description: 'Done.',
      contentType: 'application/json',
      output: z.object({
        object: z.literal('privacy_statement').describe('What this is.'),
        contact: words.describe('Where to write to.'),
        promises: z.array(words).describe('What holds for all of it.'),
        rights: z
          .array(z.object({ right: words.describe('What you may do.'), how: words.describe('How you do it.') }))
          .describe('What you may do, and how.'),
        records: z.array(record).describe('Records in tables.'),
        files: z
          .array(
            z.object({
              what: words.describe('What it is.'),
              ends: words.describe('When it is removed.'),
            }),
          )
          .describe('Files.'),
        logs: z.array(words).describe('What log lines may say.'),
        statistics: words.describe('How statistics are made.'),
        backups: words.describe('How long what was erased is in backups.'),
      }),
    },
    304: { description: 'The reader has it already, by its `etag`.' },
  },
  example: {
    answer: {
      object: 'privacy_statement',
      contact: 'privacy@example.com',
      promises: ['All of it is encrypted on its way and where it lies.'],
      rights: [{ right: 'Take along all that is of your account', how: 'POST /v1/account/exports' }],
      records: [
        {
          about: 'Your account.',
          why: ['to do what you ask for'],
          from: ['you'],
          seen_by: ['you'],
          kept: 'as long as the account',
          members: [{ name: 'email', what: 'The address that it is written to.', nearness: 'identity' }],
        },
      ],
      files: [{ what: 'A finished video.', ends: 'at `expires_at`' }],
      logs: ['The video.'],
      statistics: 'They count, without content and without names.',
      backups: 'Up to 35 days.',
    },
  },
} as const satisfies OpenRoute;
