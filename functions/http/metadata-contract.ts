/**
 * Metadata: what a caller keeps with an object for purposes of its own, such as which of its customers a video is for. As
 * the original's other objects have it: 16 pairs of text. It is shown to its account and to nobody else, and no engine is
 * given it, so it is held to the rules of stored texts and not screened.
 */
import * as z from 'zod';

export type Metadata = Readonly<Record<string, string>>;

const MOST_PAIRS = 16;
/** On one line, without signs that nobody sees, nor the one for what was not UTF-8. */
const KEY = /^[^\ufffd\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,64}$/u;
const LONGEST_VALUE = 512;
/** Tabs and line breaks may be in a value. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

const pairs = z.record(z.string(), z.string()).meta({
  id: 'Metadata',
  maxProperties: MOST_PAIRS,
  propertyNames: { minLength: 1, maxLength: 64 },
  additionalProperties: { type: 'string', maxLength: LONGEST_VALUE },
  description: `Up to ${MOST_PAIRS} pairs of your own: keys of 1 to 64 characters, values of at most ${LONGEST_VALUE}. In forms and queries \`metadata[key]=value\`.`,
});

/** Names what is wrong before anything is taken apart: a member of an unusual name would be lost on the way. */
export const metadata = z.preprocess((sent, context) => {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent) || sent instanceof Uint8Array) return sent;
  const breach = breachOf(Object.entries(sent));
  if (breach) context.addIssue({ code: 'custom', ...breach });
  return sent;
}, pairs);

/** As it is shown. */
export const shownMetadata = pairs;

function breachOf(sent: readonly (readonly [string, unknown])[]): { path: string[]; message: string } | undefined {
  if (sent.length > MOST_PAIRS) return { path: [], message: `it must have at most ${MOST_PAIRS} pairs` };
  for (const [key, value] of sent) {
    // `constructor` and the like are keys; this one is none in too many readers.
    if (!KEY.test(key) || key === '__proto__') {
      const message = `${JSON.stringify(key.slice(0, 64))} cannot be a key: 1 to 64 characters on one line, without control characters`;
      return { path: [], message };
    }
    if (value === null) return { path: [key], message: 'it must be a string' };
    if (typeof value !== 'string') continue;
    if ([...value].length > LONGEST_VALUE)
      return { path: [key], message: `it must have at most ${LONGEST_VALUE} characters` };
    if (CONTROL.test(value)) return { path: [key], message: 'it must have no control characters' };
  }
  return undefined;
}
