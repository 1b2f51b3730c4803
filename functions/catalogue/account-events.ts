/** What happens to accounts besides their videos, as types of events in the outbox. */
export const ACCOUNT_EVENT_TYPES = [
  'account.violation_recorded',
  'account.standing_changed',
  /** The service is to end for it: by then its standing is terminated. */
  'account.termination_ordered',
  /** The use of a key met a rule that stops it; and a person made it active again. */
  'account.key_suspended',
  'account.key_reinstated',
  /** A person is to look at how it is used. */
  'account.case_opened',
] as const;
export type AccountEventType = (typeof ACCOUNT_EVENT_TYPES)[number];
