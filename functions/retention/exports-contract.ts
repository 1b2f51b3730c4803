/** An owner's export: all that is of its account, to take along. */
import * as z from 'zod';
import { FRESH_SIGN_IN_MINUTES } from '../catalogue/refusal.ts';
import { afterId, hasMore, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const EXPORTS: Entry = {
  source: 'functions/retention/exports.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
    accountExports: ['GetObject'],
    exportRuns: ['start'],
  },
};

/** Days that an export is there. */
export const EXPORT_DAYS = 7;

const id = z.string().max(100).describe('The id of an export.');

export const exportObject = z
  .object({
    id: z.string().describe('The id of the export.'),
    object: z.literal('account.export').describe('What this is.'),
    status: z
      .enum(['preparing', 'ready', 'failed', 'expired'])
      .describe('`ready` once all of it can be fetched; `expired` once it is over: ask for another.'),
    created_at: z.string().describe('When it was asked for, UTC.'),
    completed_at: z.string().nullable().describe('When it was ready, UTC; null until then.'),
    expires_at: z.string().describe('Until when it can be fetched, UTC.'),
    requested_by: z.string().describe('The person who asked for it.'),
    progress: z
      .object({
        part: z.string().describe('What is being packed.'),
        files: z.int().describe('Files that are packed.'),
        bytes: z.int().describe('Bytes that are packed.'),
      })
      .describe('How far it is.'),
    volumes: z
      .array(
        z.object({
          number: z.int().describe('1 and on.'),
          files: z.int().describe('Files in it.'),
          bytes: z.int().describe('Its bytes.'),
          sha256: z.string().describe('Of its bytes, in hex.'),
          url: z
            .string()
            .nullable()
            .describe('A link that lives for 15 minutes, where one export is retrieved and it is ready.'),
        }),
      )
      .describe('Zip files, each whole by itself: one for most accounts.'),
    manifest: z
      .object({
        url: z.string().describe('A link that lives for 15 minutes.'),
      })
      .nullable()
      .describe(
        'What all volumes are by their hashes, as a JWS (RFC 7515) by a key of `/.well-known/jwks.json`; null until it is ready, and in lists.',
      ),
  })
  .meta({ id: 'AccountExport', description: 'An export of all that is of an account.' });

const PREPARING = {
  id: 'exp_019f2a6a0c00Tq5vWxYz7AbCdE',
  object: 'account.export',
  status: 'preparing',
  created_at: '2026-11-24T09:15:00.000Z',
  completed_at: null,
  expires_at: '2026-12-01T09:15:00.000Z',
  requested_by: 'user_4f1c8a0e',
  progress: { part: 'account', files: 0, bytes: 0 },
  volumes: [],
  manifest: null,
};
const READY = {
  ...PREPARING,
  status: 'ready',
  completed_at: '2026-11-24T09:15:21.000Z',
  progress: { part: 'done', files: 214, bytes: 91288110 },
  volumes: [
    {
      number: 1,
      files: 214,
      bytes: 91288110,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      url: 'https://exports.example.com/volume-0001.zip?X-Amz-Signature=…',
    },
  ],
  manifest: { url: 'https://exports.example.com/manifest.jws?X-Amz-Signature=…' },
};

/** People alone, whatever became of the account: what is of an account is its owner's. */
const owner = { roles: ['developer'], capability: 'read', metered: false } as const;

export const createExport = {
  entry: EXPORTS,
  ...owner,
  method: 'POST',
  path: '/v1/account/exports',
  summary: `Starts an export, with a sign-in of the last ${FRESH_SIGN_IN_MINUTES} minutes; the one that is being made, where one is.`,
  input: z.strictObject({}),
  output: exportObject,
  success: { status: 202, contentType: 'application/json' },
  example: { body: {}, answer: PREPARING },
} as const;

export const listExports = {
  entry: EXPORTS,
  ...owner,
  method: 'GET',
  path: '/v1/account/exports',
  summary: 'Lists the exports of the account, newest first.',
  input: z.strictObject({ limit: pageLimit, after: z.string().max(100).optional().describe(afterId) }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(exportObject).describe('The exports on this page.'),
    first_id: z.string().nullable().describe('The first on this page.'),
    last_id: z.string().nullable().describe('The last on this page: `after` for the next.'),
    has_more: hasMore,
  }),
  example: {
    query: { limit: 20 },
    answer: { object: 'list', data: [PREPARING], first_id: PREPARING.id, last_id: PREPARING.id, has_more: false },
  },
} as const;

export const retrieveExport = {
  entry: EXPORTS,
  ...owner,
  method: 'GET',
  path: '/v1/account/exports/{id}',
  summary: 'Retrieves an export: how far it is, and once it is ready links to its volumes.',
  input: z.strictObject({ id }),
  output: exportObject,
  example: { path: { id: PREPARING.id }, answer: READY },
} as const;

export const EXPORTING: Family = {
  name: 'Exports',
  about:
    'Take along all that is of your account: records, videos and uploads, in zip files with a manifest of their hashes.',
  dialect: 'platform',
  routes: { createExport, listExports, retrieveExport },
  refuses: ['account_not_active', 'fresh_sign_in', 'not_found', 'busy'],
};
