/**
 * Members that a client's documentation names and that are not done here: each says so itself, beside its type, and why.
 * A member without an effect of its own is done. Read by validation, by the reference, and by the tables of the docs.
 */
import * as z from 'zod';

export type MemberEffect =
  /** A call that sends it is refused by its name. `instead` is what helps. */
  | { readonly effect: 'refused'; readonly instead: string }
  /** Taken, and nothing is different for it. */
  | { readonly effect: 'none'; readonly because: string }
  /** A neural engine is given it; the preview engine makes nothing of it. */
  | { readonly effect: 'neural'; readonly because: string };

/** By the schema of the member. What is made of a schema (`.describe`, `.optional`) has its effect too. */
export const EFFECTS = z.registry<MemberEffect>();

/** Refused by name, unless it is left open in one of the ways in which clients do that. `name`: what several routes have is said once. */
export function notOffered(instead: string, name?: string) {
  const member = z
    .unknown()
    .refine(isLeftOpen, { error: instead, params: { rule: NOT_OFFERED } })
    .transform(() => undefined)
    .optional()
    .meta({ ...(name !== undefined && { id: name }), description: `Refused: ${instead}.` });
  return withEffect(member, { effect: 'refused', instead });
}

/** What validation sees of a member that is refused for being there. */
export const NOT_OFFERED = 'not_offered';

const LEFT_OPEN: readonly unknown[] = [undefined, null, false, 'false', 0, '0', ''];

function isLeftOpen(value: unknown): boolean {
  return LEFT_OPEN.includes(value) || (Array.isArray(value) && value.length === 0);
}

/** Taken, and passed over. */
export function noEffect<Member extends z.ZodType>(member: Member, because: string) {
  return withEffect(member.optional().describe(`No effect: ${because}.`), { effect: 'none', because });
}

/** Done by a neural engine alone. */
export function neuralOnly<Member extends z.ZodType>(member: Member, what: string, because: string) {
  const described = member.describe(`${what} No effect with the preview engine: ${because}.`);
  return withEffect(described, { effect: 'neural', because });
}

function withEffect<Member extends z.ZodType>(member: Member, effect: MemberEffect): Member {
  EFFECTS.add(member as z.ZodType, effect);
  return member;
}
