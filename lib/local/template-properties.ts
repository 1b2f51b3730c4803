/** What engines ask of a template's properties. */

/** Throws with the logical id and the names of the properties that `known` does not list. */
export function refuseUnknown(logicalId: string, what: string, properties: unknown, known: readonly string[]): void {
  const unknown = Object.keys((properties ?? {}) as object).filter(name => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${logicalId}: the local ${what} does not know ${unknown.join(', ')}`);
}
