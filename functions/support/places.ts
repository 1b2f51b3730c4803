/** Where lists for staff go on. Pure. */
import * as z from 'zod';
import { cursorOf } from '../http/cursor.ts';

export const VIDEO_CURSOR = cursorOf(z.int().positive());
export const KEY_CURSOR = cursorOf(z.string().regex(/^key_[0-9A-Za-z]{1,60}$/));
export const MAIL_CURSOR = cursorOf(z.string().regex(/^mail_[0-9A-Za-z]{1,60}$/));
