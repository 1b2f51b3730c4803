/** Objects in forms and queries, which have only names and texts: `video[id]` is the member `id` of `video`, as clients write it. Pure. */

/** Puts what was sent into `members`: the name that comes later wins, and members of one object come together. */
export function placeMembers(members: Record<string, unknown>, sent: Iterable<readonly [string, unknown]>): void {
  for (const [name, value] of sent) place(members, name, value);
}

/** One level of brackets, in which any name may stand; anything else is a name like any other. */
function place(members: Record<string, unknown>, name: string, value: unknown): void {
  const [, outer, inner] = /^(\w+)\[(.+)\]$/s.exec(name) ?? [];
  if (outer === undefined || inner === undefined) {
    define(members, name, value);
    return;
  }
  const held = Object.hasOwn(members, outer) ? members[outer] : undefined;
  const object = typeof held === 'object' && held !== null && !Buffer.isBuffer(held) ? { ...held } : {};
  define(object, inner, value);
  define(members, outer, object);
}

/** As an own member whatever it is called: `__proto__` is a name too. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
