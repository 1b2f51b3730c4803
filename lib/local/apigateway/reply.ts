/** What goes back to the client. */
export interface Reply {
  readonly status: number;
  /** A name may be there more than once. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}
