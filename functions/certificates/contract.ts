/** What anybody may read of certificates of deletion: the certificate, its PDF, and the public keys that it is verified by. */
import * as z from 'zod';
import type { OpenRoute } from '../http/route.ts';

const sha256 = z.string().describe('SHA-256 in hex.');
const count = z.int();
const time = z.string();

/** What is signed, for a reader. */
const signedCertificate = z
  .object({
    version: z.literal(1).describe('Of this form.'),
    id: z.string().describe('The id of the certificate.'),
    issuer: z.string().describe('Who issued it.'),
    issued_at: time.describe('When, UTC.'),
    subject: z
      .object({
        kind: z.enum(['account', 'video']).describe('What was deleted.'),
        video_id: z.string().optional().describe('Which video.'),
        account_sha256: z
          .string()
          .describe('SHA-256 of the id of this certificate, a space and the id of the account.'),
      })
      .describe('What was deleted.'),
    cause: z.string().describe('Why.'),
    started_at: time.describe('When deletion began.'),
    ended_at: time.describe('When everything was looked for again, and gone.'),
    deleted: z
      .object({
        objects: z
          .array(
            z.object({
              bucket: z.string().describe('What the bucket is for.'),
              versions: count.describe('Versions of objects.'),
              bytes: count.describe('All their bytes.'),
            }),
          )
          .describe('Files.'),
        rows: z
          .array(
            z.object({
              table: z.string().describe('What the table is for.'),
              of: z.string().describe('What the rows were.'),
              count: count.describe('How many.'),
            }),
          )
          .describe('Records.'),
        other: z
          .array(z.object({ what: z.string().describe('What it was.'), count: count.describe('How many.') }))
          .describe('Anything else.'),
      })
      .describe('What is gone.'),
    manifest: z
      .object({
        lines: count.describe('One for each version of an object.'),
        root: z.string().describe('Of the Merkle tree over all lines, as of RFC 9162.'),
        parts: z
          .array(z.object({ sha256, bytes: count.describe('Its bytes.'), lines: count.describe('Its lines.') }))
          .describe('The files that it is in.'),
      })
      .describe('The list of the files that are gone, one by one.'),
    stayed: z
      .array(
        z.object({
          what: z.string().describe('What it is.'),
          rule: z.string().describe('Why it stayed.'),
          until: z.string().nullable().describe('Until when; null where the rule has no end of its own.'),
        }),
      )
      .describe('What is still there.'),
    backups: z
      .object({
        what: z.string().describe('Which.'),
        days: count.describe('How far they reach back.'),
        until: time.describe('Past this, none has it any more.'),
      })
      .describe('What backups have for a while.'),
    time_stamp: z.enum(['rfc3161', 'none']).describe('Whether a time stamp belongs to it.'),
  })
  .meta({ id: 'DeletionCertificate', description: 'What a certificate of deletion says.' });

const url = z.string().describe('A link that is good for 15 minutes.');
const none = {
  404: { description: 'There is no such certificate, or not yet.', contentType: 'application/problem+json' },
};
const input = z.strictObject({ id: z.string().describe('The id of a certificate, such as `cert_...`.') });

const ID = 'cert_019f2a6b3d90Hc8Jk2LmN4pQrS';
const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export const readCertificate = {
  method: 'GET',
  path: '/v1/certificates/{id}',
  summary: 'Reads a certificate of deletion: signed, with what it says and links to its files.',
  input,
  answers: {
    200: {
      description: 'The certificate.',
      contentType: 'application/json',
      output: z.object({
        id: z.string().describe('The id of the certificate.'),
        object: z.literal('certificate').describe('What this is.'),
        jws: z.string().describe('What is signed, as JWS with ES256: `certificate` is its payload.'),
        time_stamp: z.string().nullable().describe('A TimeStampToken of RFC 3161 over `jws`, base64; null where none.'),
        sha256: z.string().describe('SHA-256 of both as JSON.'),
        certificate: signedCertificate.describe('What it says.'),
        manifest: z.array(z.object({ sha256, url })).describe('The parts of the manifest.'),
        pdf: z.object({ url }).describe('The same for people, which carries the certificate.'),
        key_set_url: z.string().describe('Where the public keys are.'),
      }),
    },
    ...none,
  },
  example: {
    path: { id: ID },
    answer: {
      id: ID,
      object: 'certificate',
      jws: 'eyJhbGciOiJFUzI1NiJ9.eyJ2ZXJzaW9uIjoxfQ.c2ln',
      time_stamp: null,
      sha256: HASH,
      certificate: {
        version: 1,
        id: ID,
        issuer: 'Mutoscope GmbH',
        issued_at: '2026-11-24T09:14:04.000Z',
        subject: { kind: 'video', video_id: 'video_250473926504802', account_sha256: HASH },
        cause: 'deleted by its owner',
        started_at: '2026-11-24T09:14:02.000Z',
        ended_at: '2026-11-24T09:14:03.000Z',
        deleted: { objects: [{ bucket: 'media', versions: 3, bytes: 1_391_220 }], rows: [], other: [] },
        manifest: { lines: 3, root: HASH, parts: [{ sha256: HASH, bytes: 702, lines: 3 }] },
        stayed: [{ what: 'the entries of its credits in the ledger', rule: 'books are kept', until: null }],
        backups: { what: 'continuous backups of the tables', days: 35, until: '2026-12-29T09:14:03.000Z' },
        time_stamp: 'none',
      },
      manifest: [{ sha256: HASH, url: 'https://certificates.s3.eu-central-1.amazonaws.com/certificates/1' }],
      pdf: { url: 'https://certificates.s3.eu-central-1.amazonaws.com/certificates/2' },
      key_set_url: 'https://api.example.com/.well-known/jwks.json',
    },
  },
} as const satisfies OpenRoute;

export const readCertificatePdf = {
  method: 'GET',
  path: '/v1/certificates/{id}/pdf',
  summary: 'Leads to a certificate of deletion as PDF.',
  input,
  answers: {
    302: { description: 'To the PDF, in the header `location`: a link that is good for 15 minutes.' },
    ...none,
  },
  example: { path: { id: ID } },
} as const satisfies OpenRoute;

export const readKeySet = {
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'Reads the public keys that verify certificates of deletion, also those that sign no more.',
  input: z.strictObject({}),
  answers: {
    200: {
      description: 'A JWK Set.',
      contentType: 'application/json',
      output: z.object({
        keys: z
          .array(
            z.object({
              kty: z.literal('EC').describe('Its type.'),
              crv: z.literal('P-256').describe('Its curve.'),
              x: z.string().describe('Its point.'),
              y: z.string().describe('Its point.'),
              kid: z.string().describe('Its thumbprint, as of RFC 7638.'),
              alg: z.literal('ES256').describe('What it signs with.'),
              use: z.literal('sig').describe('What it is for.'),
            }),
          )
          .describe('The newest first.'),
      }),
    },
    304: { description: 'The reader has it already, by its `etag`.' },
  },
  example: {
    answer: {
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          kid: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
          alg: 'ES256',
          use: 'sig',
        },
      ],
    },
  },
} as const satisfies OpenRoute;

export const CERTIFICATE_PAGES = { readCertificate, readCertificatePdf, readKeySet } as const;
