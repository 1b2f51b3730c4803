/** What PixVerse's agents do and this platform does not offer: each call is refused in words. */
import * as z from 'zod';
import type { Family } from '../../http/route.ts';
import { CREATE } from './entries-contract.ts';
import { started } from './members-contract.ts';

export const agent = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/agent/generate',
  summary: 'Not offered: refused with what to use instead.',
  permission: 'videos:create',
  input: z.looseObject({}),
  output: started,
} as const;

export const musicVideo = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/music_mv_agent/generate',
  summary: 'Not offered: refused with what to use instead.',
  permission: 'videos:create',
  input: z.looseObject({}),
  output: started,
} as const;

export const NOT_OFFERED: Family = {
  name: 'Not offered',
  about: "Calls that PixVerse's clients know and this platform refuses, in words, without charge.",
  dialect: 'pixverse',
  routes: { agent, musicVideo },
  refuses: [],
};
