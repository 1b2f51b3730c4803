/**
 * Standing (platform terms 6.1): good, warned, restricted, suspended, terminated. One table says which step follows which,
 * from how many points it follows by itself, and what it takes away. It stands beside the status of an account: that says
 * whether an account is in use at all, and this how it has used the service. Pure.
 *
 * - Points come from violations, by category and severity, and end by themselves: each UTC day takes the same part away.
 * - The step that follows from points is a function of the set of violations and the day. So the order in which reports come
 *   does not matter, and taking one away leaves exactly what would be without it.
 * - No violation below `SKIPPING_POINTS` brings an account more than one step further: the distances of the thresholds are
 *   no less than `MOST_POINTS`, and a test holds it.
 */
import type { Capability } from './permissions.ts';
import type { VideoFunction } from './video-request.ts';

/** What is taken away. */
export interface Restriction {
  /** That may not be used. */
  readonly functions: readonly VideoFunction[];
  readonly models: readonly string[];
  /** Of what the plan allows, above 0 and at most 1; at least one video a day, and one at once, is left. */
  readonly quotaShare: number;
  readonly concurrencyShare: number;
  /** Whether nothing may be uploaded. */
  readonly uploadsRefused: boolean;
}

interface Row {
  /** The steps that may follow; lifting leads to any that is lighter. */
  readonly next: readonly string[];
  /** Points from which it follows by itself; null where only people decide it. */
  readonly fromPoints: number | null;
  /** What it takes away where a decision says no more exactly. */
  readonly restriction: Restriction | null;
  /** What of the account's capabilities it takes away. */
  readonly withholds: readonly Capability[];
  readonly description: string;
}

/** What works on recordings of people, and is refused first: its misuse harms others. */
const OF_PEOPLE = ['lip_sync', 'swap', 'mimic', 'modify', 'restyle', 'avatar', 'mask_selection'] as const;

export const STANDING_TABLE = {
  good: {
    next: ['warned'],
    fromPoints: 0,
    restriction: null,
    withholds: [],
    description: 'nothing is taken away',
  },
  warned: {
    next: ['restricted'],
    fromPoints: 20,
    restriction: null,
    withholds: [],
    description: 'nothing is taken away yet; what follows is a restriction',
  },
  restricted: {
    next: ['suspended'],
    fromPoints: 50,
    restriction: {
      functions: OF_PEOPLE,
      models: [],
      quotaShare: 0.25,
      concurrencyShare: 0.25,
      uploadsRefused: true,
    },
    withholds: [],
    description: 'the service may be used in part',
  },
  suspended: {
    next: ['terminated'],
    fromPoints: 90,
    restriction: null,
    withholds: ['use', 'pay', 'keys'],
    description: 'the service may not be used; its people may sign in, read and appeal',
  },
  terminated: {
    next: [],
    fromPoints: null,
    restriction: null,
    withholds: ['use', 'pay', 'keys', 'apply'],
    description: 'the service has ended for this account',
  },
} as const satisfies Record<string, Row>;

export type StandingStep = keyof typeof STANDING_TABLE;
export const STANDING_STEPS = Object.keys(STANDING_TABLE) as [StandingStep, ...StandingStep[]];

/** The steps that follow from points, or that one decision may set. */
export const MEASURE_STEPS = ['warned', 'restricted', 'suspended'] as const satisfies StandingStep[];
export type MeasureStep = (typeof MEASURE_STEPS)[number];

/** 0 for good; each step is graver than those before it. */
export function rankOf(step: StandingStep): number {
  return STANDING_STEPS.indexOf(step);
}

export function graver(one: StandingStep, other: StandingStep): StandingStep {
  return rankOf(one) >= rankOf(other) ? one : other;
}

/** The step after this one; undefined after the last. */
export function stepAfter(step: StandingStep): StandingStep | undefined {
  return STANDING_TABLE[step].next[0];
}

/** How grave an act is. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The most points of a violation that leads no more than one step further. */
export const MOST_POINTS = 20;
/** An act of so many points suspends an account at once, from any step: waiting for a second one would harm others. */
export const SKIPPING_POINTS = 90;

interface Category {
  readonly title: string;
  /** Of the platform terms. */
  readonly clause: string;
  /** In the order of the severities. */
  readonly points: readonly [low: number, medium: number, high: number, critical: number];
  /** After so many days, UTC, none of its points is left; a divisor of 360, so that they are reckoned in whole numbers. */
  readonly decayDays: 30 | 90 | 180 | 360;
  /** Days within which it is to be rectified; null where there is nothing left to mend. */
  readonly rectifyDays: number | null;
  /** Why these numbers. */
  readonly reason: string;
}

export const VIOLATIONS = {
  refused_text: {
    title: 'Texts that ask for what may not be made',
    clause: '3.2',
    points: [1, 2, 5, 20],
    decayDays: 30,
    rectifyDays: null,
    reason: 'A refusal can be a mistake, and nothing was made: twenty hours with one in them within days are a habit.',
  },
  review_evasion: {
    title: 'Attempts to get past the review',
    clause: '3.3.9',
    points: [5, 10, 20, 90],
    decayDays: 90,
    rectifyDays: null,
    reason: 'It is meant, so it counts more than the refusal that it tries to get past, and is kept for longer.',
  },
  prohibited_content: {
    title: 'Prohibited content that was uploaded or made',
    clause: '3.2',
    points: [5, 10, 20, 90],
    decayDays: 180,
    rectifyDays: null,
    reason: 'It exists, so it is graver than a text that was refused; the worst ends use at once.',
  },
  rights_of_others: {
    title: 'Rights of others to portrait, privacy and property',
    clause: '3.2 (9)',
    points: [5, 10, 20, 90],
    decayDays: 180,
    rectifyDays: 7,
    reason: 'Somebody is harmed until it is taken down, and a week is enough for that.',
  },
  id_probing: {
    title: 'Trying ids or links of others',
    clause: '2.4',
    points: [2, 5, 10, 20],
    decayDays: 90,
    rectifyDays: null,
    reason: 'Nothing is found that way, and a client with a fault does it too; a pattern is meant.',
  },
  excessive_use: {
    title: 'Use far beyond what the account is for',
    clause: '4.5',
    points: [1, 3, 5, 10],
    decayDays: 30,
    rectifyDays: 7,
    reason: 'Mostly a fault in a client: it is asked to be mended, and soon forgotten.',
  },
  key_exposure: {
    title: 'Keys that are shared, or were found in public',
    clause: '2.4',
    points: [2, 5, 10, 20],
    decayDays: 90,
    rectifyDays: 7,
    reason: 'It is mended by rotating the key, for which a week is enough.',
  },
  reselling: {
    title: 'Selling access to others without leave',
    clause: '2.4',
    points: [5, 10, 20, 20],
    decayDays: 180,
    rectifyDays: 14,
    reason: 'It is a business that has to be ended or approved, which takes two weeks; it harms nobody at once.',
  },
  payment_abuse: {
    title: 'Payments by deceit',
    clause: '5.2',
    points: [5, 10, 20, 90],
    decayDays: 360,
    rectifyDays: null,
    reason: 'A dispute can come up to a year after the payment.',
  },
} as const satisfies Record<string, Category>;

export type ViolationCategory = keyof typeof VIOLATIONS;
export const VIOLATION_CATEGORIES = Object.keys(VIOLATIONS) as [ViolationCategory, ...ViolationCategory[]];

export function pointsOf(category: ViolationCategory, severity: Severity): number {
  return VIOLATIONS[category].points[SEVERITIES.indexOf(severity)] ?? 0;
}

/** Warnings that passed their date unrectified, after which an account may be terminated without a suspension (7.2a). */
export const SEVERAL_WARNINGS = 3;

interface Action {
  /** The steps from which it may be done. */
  readonly from: readonly StandingStep[];
  readonly description: string;
}

/** What operators do about a standing. One that skips a step says that it is urgent. */
export const STANDING_ACTIONS = {
  warn: { from: ['good', 'warned'], description: 'warns it' },
  restrict: { from: ['good', 'warned', 'restricted'], description: 'takes away what `restriction` names' },
  suspend: { from: ['good', 'warned', 'restricted', 'suspended'], description: 'stops all use' },
  rectified: {
    from: ['good', 'warned', 'restricted', 'suspended'],
    description: 'notes that what `subject` names was mended, so that nothing follows from its date',
  },
  lift: { from: ['warned', 'restricted', 'suspended'], description: 'takes back what `subject` names' },
  terminate: {
    from: ['warned', 'restricted', 'suspended'],
    description: `ends the service for it: a second person sends the same call, and it is suspended or has ${SEVERAL_WARNINGS} warnings that were not rectified in time`,
  },
} as const satisfies Record<string, Action>;

export type StandingAction = keyof typeof STANDING_ACTIONS;
export const STANDING_ACTION_NAMES = Object.keys(STANDING_ACTIONS) as [StandingAction, ...StandingAction[]];

/** A restriction with its end, epoch ms; none where it lasts until it is lifted. */
export interface TimedRestriction extends Restriction {
  readonly untilMs?: number;
}

/** How an account stands at a moment: what the authorizer finds, and the functions behind it are handed. */
export interface Standing {
  readonly step: StandingStep;
  /** When the step ends by itself, epoch ms; absent where it does not. */
  readonly untilMs?: number;
  /** All that is in force. */
  readonly restrictions: readonly TimedRestriction[];
  /** Raised whenever it is decided anew; 0 where nothing ever was. */
  readonly revision: number;
}

export const GOOD_STANDING: Standing = { step: 'good', restrictions: [], revision: 0 };

/** Whether the standing leaves the account this. */
export function leaves({ step }: Pick<Standing, 'step'>, capability: Capability): boolean {
  return !(STANDING_TABLE[step].withholds as readonly Capability[]).includes(capability);
}

/** Steps that leave the account this not. */
export function stepsWithout(capability: Capability): StandingStep[] {
  return STANDING_STEPS.filter(step => !leaves({ step }, capability));
}
