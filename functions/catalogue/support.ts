/**
 * Where people write to for help: an address of the stage. What is said to callers and readers has this in its place, and
 * whoever speaks to them fills it in.
 */
export const SUPPORT = '{support}';

/** The text with the stage's address in it, an e-mail address or a URL. */
export function withSupport(text: string, support: string): string {
  // As it is: in a URL, `$&` would stand for what is replaced.
  return text.replaceAll(SUPPORT, () => support);
}
