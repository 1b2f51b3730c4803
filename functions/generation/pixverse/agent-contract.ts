/** What PixVerse's agents do and this platform does not offer: each call is refused in words. */
import * as z from 'zod';
import { started } from './members-contract.ts';

export const agent = {
  method: 'POST',
  path: '/openapi/v2/video/agent/generate',
  summary: 'Not offered: refused with what to use instead.',
  permission: 'videos:create',
  input: z.looseObject({}),
  output: started,
} as const;

export const musicVideo = {
  method: 'POST',
  path: '/openapi/v2/video/music_mv_agent/generate',
  summary: 'Not offered: refused with what to use instead.',
  permission: 'videos:create',
  input: z.looseObject({}),
  output: started,
} as const;
