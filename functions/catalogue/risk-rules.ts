/**
 * Rules that watch the recorded use of keys and accounts (platform terms 2.4, 3.3, 3.6, 4.5). Each counts how many different
 * things were seen within one window of UTC time, so that neither the order nor the repetition of events matters. What is
 * seen can only grow within its window: a rule that is met stays met. Pure.
 */
import type { Severity, ViolationCategory } from './standing.ts';

/** Windows begin at multiples of their length, in UTC; ms. */
export const RISK_WINDOWS = { '10m': 600_000, '1h': 3_600_000, '1d': 86_400_000 } as const;
export type RiskWindow = keyof typeof RISK_WINDOWS;

/** What is counted, in which window, and in which words. */
export const RISK_MEASURES = {
  'calls@1h': 'calls within an hour',
  'starts@1h': 'videos started within an hour',
  'networks@10m': 'networks within ten minutes',
  'networks@1d': 'networks within a day',
  'clients@1d': 'different clients within a day',
  'refused_functions@1h': 'different functions refused within an hour',
  'sought_ids@1h': 'different ids tried within an hour that are not of the account',
  'refused_texts@1d': 'refused texts within a day',
  'old_links@1h': 'different videos older than a day whose link was asked for within an hour',
  'usual_calls@1h': 'calls from where the account is usually used within the hour',
  'stranger_starts@1h': 'videos started within the hour from a network and a client that the account never had before',
  'stranger_links@1h': 'videos asked for within the hour from a network and a client that the account never had before',
} as const;
export type RiskMeasure = keyof typeof RISK_MEASURES;
export const RISK_MEASURE_NAMES = Object.keys(RISK_MEASURES) as [RiskMeasure, ...RiskMeasure[]];

/** Of these the highest of each past day is kept, so that a rule can say how many times the past. */
export const PAST_MEASURES = ['calls@1h', 'starts@1h', 'networks@10m', 'refused_texts@1d', 'old_links@1h'] as const;
export type PastMeasure = (typeof PAST_MEASURES)[number];

/** Days of its own past that an account is measured against. */
export const PAST_DAYS = 28;

/** `suspend_key` stops the key until a person undoes it, `warn` records a violation, `open_case` asks a person to look. */
export const RISK_ACTS = ['suspend_key', 'warn', 'open_case'] as const;
export type RiskAct = (typeof RISK_ACTS)[number];

export interface RiskCondition {
  readonly measure: RiskMeasure;
  readonly least: number;
  /** And so many times the highest of the account's own past days; only of measures whose past is kept. */
  readonly timesPast?: number;
}

export interface RiskRule {
  readonly id: string;
  /** Of the platform terms. */
  readonly clause: string;
  /** Whose use is counted. */
  readonly of: 'key' | 'account';
  /** All of them. */
  readonly conditions: readonly [RiskCondition, ...RiskCondition[]];
  /** Past days of use without which the account cannot be judged by this rule. */
  readonly needsDays: number;
  readonly does: readonly RiskAct[];
  /** What `warn` records. */
  readonly violation?: { readonly category: ViolationCategory; readonly severity: Severity };
  /** Whether the account's own people may make the key active again: where nobody but the account is harmed. */
  readonly ownerMayUndo: boolean;
  /** What the owner is told to do. */
  readonly advice: string;
  /** Why these numbers. */
  readonly reason: string;
}

export const RISK_RULES = [
  {
    id: 'sudden_calls',
    clause: '2.4, 3.6',
    of: 'key',
    conditions: [{ measure: 'calls@1h', least: 3_000, timesPast: 20 }],
    needsDays: 3,
    does: ['suspend_key'],
    ownerMayUndo: true,
    advice:
      'Look whether a program calls in a loop, or the key is in other hands; then make it active again, or revoke it.',
    reason:
      'A launch or a batch night is some ten times a usual hour; a loop without a pause makes 3,000 calls in five minutes at ten a second.',
  },
  {
    id: 'sudden_starts',
    clause: '2.4',
    of: 'key',
    conditions: [{ measure: 'starts@1h', least: 300, timesPast: 12 }],
    needsDays: 3,
    does: ['suspend_key'],
    ownerMayUndo: true,
    advice: 'Look at what was started and by whom; then make the key active again, or revoke it.',
    reason:
      'Whoever spends the credits of others starts all that is allowed at once; a first batch of up to 300 videos an hour is no surprise from anyone.',
  },
  {
    id: 'many_networks',
    clause: '2.4, 3.3 (7)',
    of: 'key',
    conditions: [{ measure: 'networks@10m', least: 40, timesPast: 3 }],
    needsDays: 3,
    does: ['suspend_key'],
    ownerMayUndo: true,
    advice: 'Give each program and each office a key of its own, limit each to its addresses, and revoke this one.',
    reason:
      'Hosted build runners and functions call from some twenty networks at once; what is above 40 and three times what the account ever had is in other hands.',
  },
  {
    id: 'leaked_key',
    clause: '2.4',
    of: 'key',
    conditions: [
      { measure: 'stranger_starts@1h', least: 10 },
      { measure: 'usual_calls@1h', least: 1 },
    ],
    needsDays: 3,
    does: ['suspend_key'],
    ownerMayUndo: true,
    advice: 'If it was not you, revoke the key and look where it was published; if it was, make it active again.',
    reason:
      'A network and a client that are both new while the key goes on at its usual place are somebody else; ten videos are more than a developer tries in a first hour elsewhere.',
  },
  {
    id: 'leaked_key_reads',
    clause: '2.4, 3.3 (6)',
    of: 'key',
    conditions: [
      { measure: 'stranger_links@1h', least: 50 },
      { measure: 'usual_calls@1h', least: 1 },
    ],
    needsDays: 3,
    does: ['suspend_key'],
    ownerMayUndo: true,
    advice: 'If it was not you, revoke the key and look where it was published; if it was, make it active again.',
    reason:
      'As above, for whoever takes videos in place of making them: fifty different ones are nobody looking around.',
  },
  {
    id: 'refused_functions',
    clause: '2.4',
    of: 'key',
    conditions: [{ measure: 'refused_functions@1h', least: 10 }],
    needsDays: 0,
    does: ['suspend_key', 'open_case'],
    ownerMayUndo: false,
    advice: 'Revoke the key if it is in other hands; otherwise write to us what the program was to do.',
    reason:
      'A program that is set up wrongly is refused one or two functions over and over; who is refused ten different ones is looking for what opens.',
  },
  {
    id: 'id_probing',
    clause: '2.4',
    of: 'key',
    conditions: [{ measure: 'sought_ids@1h', least: 40 }],
    needsDays: 0,
    does: ['suspend_key', 'warn'],
    violation: { category: 'id_probing', severity: 'medium' },
    ownerMayUndo: false,
    advice:
      'Ask for ids that your account was given alone. If a program of yours has a fault, mend it and write to us.',
    reason:
      'What an account deleted itself is answered otherwise; forty different ids that it never had are no slip of one program, which asks for the same one again.',
  },
  {
    id: 'refused_content',
    clause: '3.3 (9)',
    of: 'account',
    conditions: [{ measure: 'refused_texts@1d', least: 100, timesPast: 5 }],
    needsDays: 0,
    does: ['warn'],
    violation: { category: 'review_evasion', severity: 'medium' },
    ownerMayUndo: false,
    advice: 'Look at who sends these texts, and stop sending what was refused; clause 3.2 says what may not be made.',
    reason:
      'Within an hour the screening itself counts; whoever stays below that goes on for a day. A large service has refused texts every day, so its own past counts too.',
  },
  {
    id: 'link_harvesting',
    clause: '3.3 (6)',
    of: 'key',
    conditions: [{ measure: 'old_links@1h', least: 500, timesPast: 10 }],
    needsDays: 3,
    does: ['open_case'],
    ownerMayUndo: true,
    advice: 'Keep what you need by webhook or as it is made; links are for looking at it.',
    reason:
      'Who moves house with a whole archive does the same, and it is their own: so a person looks, and nothing is stopped.',
  },
  {
    id: 'reselling',
    clause: '3.3 (4), 3.3 (5), 3.6',
    of: 'account',
    conditions: [
      { measure: 'networks@1d', least: 150 },
      { measure: 'clients@1d', least: 12 },
    ],
    needsDays: 0,
    does: ['open_case'],
    ownerMayUndo: true,
    advice: 'Nothing: a person compares it with the use that was declared.',
    reason:
      'Offices, homes and phones of one customer are some fifty networks a day, with a handful of clients; many of both are many users, which may be allowed.',
  },
] as const satisfies readonly RiskRule[];
