/** What a caller can read of its credits, in the PixVerse dialect. */
import * as z from 'zod';

export const balance = {
  method: 'GET',
  path: '/openapi/v2/account/balance',
  summary: 'Reads the credits that can be spent now.',
  permission: 'credits:read',
  input: z.looseObject({}),
  output: z.object({ account_id: z.int(), credit_monthly: z.int(), credit_package: z.int() }),
} as const;
