/**
 * How long a text takes to say, known before it is said: admission prices the clip by it and the clip is exactly that
 * long. The speech is fitted to it afterwards, so this is a promise and not a guess. Pure.
 */

/** An avatar's clip is at most this long, as uploaded audio is. */
export const LONGEST_SPEECH_SECONDS = 30;
const SHORTEST_SPEECH_SECONDS = 1;
/** Breath before the first word and after the last. */
const MARGIN_SECONDS = 0.5;
const STEP_SECONDS = 0.5;

/** Seconds that one character of each kind takes, measured on espeak-ng at 165 words a minute. */
const PACE: readonly (readonly [RegExp, number])[] = [
  [/[\p{Script=Han}\p{Script=Hangul}]/u, 0.3],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 0.17],
  [/\p{Nd}/u, 0.27],
  [/[.!?…;:。！？；：]/u, 0.3],
  [/[,，、]/u, 0.2],
  [/\p{Extended_Pictographic}/u, 0.9],
  [/\p{L}/u, 0.072],
  [/\s/u, 0.02],
  [/\p{S}/u, 0.5],
];

/** Seconds of the clip in which `text` is said: 1 to 30, in steps of half a second, never less for a longer text. */
export function speechSeconds(text: string): number {
  let seconds = MARGIN_SECONDS;
  for (const character of text) seconds += PACE.find(([kind]) => kind.test(character))?.[1] ?? 0;
  const stepped = Math.ceil(seconds / STEP_SECONDS) * STEP_SECONDS;
  return Math.min(LONGEST_SPEECH_SECONDS, Math.max(SHORTEST_SPEECH_SECONDS, stepped));
}
