/** Fields that calls about ends of accounts and legal holds share. */
import * as z from 'zod';
import { isMoment } from '../http/moment-contract.ts';

export const operators = { roles: ['operator'] } as const;
export const id = z.string().max(100).describe('The id of an account.');
export const reason = z.string().trim().min(3).max(2000);
/** A time as the platform writes it. */
export const moment = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/,
    'it must be a time in UTC, such as 2027-06-30T00:00:00Z',
  )
  .refine(isMoment, 'there is no such time');
export const nullable = z.string().nullable();
export const ACCOUNT = 'acct_019f2a6a0c00Ab3dEfGh5JkLmN';
