/** Gives members their words. Pure. */
import type { Schema } from './model.ts';

/** By a member's name; `Owner.name` where the name means something else in one operation or component. */
export type Words = Readonly<Record<string, string>>;

/** The schema with words at every member, at any depth, that has none of its own. `owner` is an operation or a component. */
export function describeMembers(schema: Schema, words: Words, owner: string): Schema {
  const within = (inner: Schema): Schema => describeMembers(inner, words, owner);
  const { properties, items, anyOf, oneOf, additionalProperties: more } = schema;
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(described)) }),
    ...(items && { items: within(items) }),
    ...(anyOf && { anyOf: anyOf.map(within) }),
    ...(oneOf && { oneOf: oneOf.map(within) }),
    ...(typeof more === 'object' && { additionalProperties: within(more) }),
  };

  function described([name, member]: [string, Schema]): [string, Schema] {
    const description = member.description ?? words[`${owner}.${name}`] ?? words[name];
    return [name, { ...within(member), ...(description !== undefined && { description }) }];
  }
}
