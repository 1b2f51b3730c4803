/** Lifecycle rules: as CloudFormation writes them, when they apply, and as S3 answers them. Pure. A count of days ends at the first midnight UTC at or after so many days, as in S3. */
import type { XmlNode } from '../protocols/xml.ts';
import type { Tags, Version } from './version.ts';

export interface LifecycleRule {
  readonly Id?: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Prefix?: string;
  readonly TagFilters?: readonly { readonly Key: string; readonly Value: string }[];
  /** Bytes. */
  readonly ObjectSizeGreaterThan?: number | string;
  /** Bytes. */
  readonly ObjectSizeLessThan?: number | string;
  readonly ExpirationInDays?: number;
  readonly ExpirationDate?: string;
  readonly ExpiredObjectDeleteMarker?: boolean;
  readonly NoncurrentVersionExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number; readonly NewerNoncurrentVersions?: number };
  readonly Transition?: Transition;
  readonly Transitions?: readonly Transition[];
  readonly NoncurrentVersionTransition?: NoncurrentTransition;
  readonly NoncurrentVersionTransitions?: readonly NoncurrentTransition[];
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

interface Transition {
  readonly StorageClass: string;
  readonly TransitionInDays?: number;
  readonly TransitionDate?: string;
}

interface NoncurrentTransition {
  readonly StorageClass: string;
  readonly TransitionInDays: number;
  readonly NewerNoncurrentVersions?: number;
}

/** Every property of a rule that this engine carries out. */
export const RULE_PROPERTIES = [
  'Id',
  'Status',
  'Prefix',
  'TagFilters',
  'ObjectSizeGreaterThan',
  'ObjectSizeLessThan',
  'ExpirationInDays',
  'ExpirationDate',
  'ExpiredObjectDeleteMarker',
  'NoncurrentVersionExpirationInDays',
  'NoncurrentVersionExpiration',
  'Transition',
  'Transitions',
  'NoncurrentVersionTransition',
  'NoncurrentVersionTransitions',
  'AbortIncompleteMultipartUpload',
];

const DAY = 86_400_000;
/** S3's default: smaller objects stay in their class unless a rule's own size filter speaks of them. */
const SMALLEST_TRANSITION_BYTES = 128 * 1024;

export function nextMidnight(time: number): number {
  return (Math.floor(time / DAY) + 1) * DAY;
}

/** Whether `days` have passed since `since`, in whole days of UTC. */
export function daysPassed(since: number, days: number, now: number): boolean {
  return Math.ceil((since + days * DAY) / DAY) * DAY <= now;
}

/** Whether the rule is on and its filter covers such an object. */
export function covers(
  rule: LifecycleRule,
  object: { key: string; tags: Tags; size: number; marker: boolean },
): boolean {
  if (rule.Status !== 'Enabled' || !object.key.startsWith(rule.Prefix ?? '')) return false;
  if (!(rule.TagFilters ?? []).every(({ Key, Value }) => object.tags[Key] === Value)) return false;
  if (object.marker) return true;
  if (rule.ObjectSizeGreaterThan !== undefined && object.size <= Number(rule.ObjectSizeGreaterThan)) return false;
  return rule.ObjectSizeLessThan === undefined || object.size < Number(rule.ObjectSizeLessThan);
}

/** Whether the rule ends the latest version now. */
export function expiresLatest(rule: LifecycleRule, version: Version, now: number): boolean {
  if (rule.ExpirationInDays !== undefined) return daysPassed(version.modified, rule.ExpirationInDays, now);
  return rule.ExpirationDate !== undefined && Date.parse(rule.ExpirationDate) <= now;
}

/** Whether the rule removes a delete marker under which no version is left. */
export function expiresMarker(rule: LifecycleRule, marker: Version, now: number): boolean {
  return rule.ExpiredObjectDeleteMarker === true || expiresLatest(rule, marker, now);
}

/** Whether the rule removes a noncurrent version that has `newer` noncurrent ones above it. */
export function expiresNoncurrent(rule: LifecycleRule, version: Version, newer: number, now: number): boolean {
  const { NoncurrentDays = rule.NoncurrentVersionExpirationInDays, NewerNoncurrentVersions = 0 } =
    rule.NoncurrentVersionExpiration ?? {};
  if (NoncurrentDays === undefined || newer < NewerNoncurrentVersions) return false;
  return daysPassed(version.noncurrentSince ?? now, NoncurrentDays, now);
}

/** CloudFormation takes one, or a list. */
function transitionsOf({ Transition, Transitions = [] }: LifecycleRule) {
  return Transition ? [...Transitions, Transition] : Transitions;
}

function noncurrentTransitionsOf({
  NoncurrentVersionTransition: one,
  NoncurrentVersionTransitions = [],
}: LifecycleRule) {
  return one ? [...NoncurrentVersionTransitions, one] : NoncurrentVersionTransitions;
}

/** The storage class to which the rule has brought the version by now; undefined for none. */
export function classBy(rule: LifecycleRule, version: Version, newer: number, now: number): string | undefined {
  const sized = rule.ObjectSizeGreaterThan !== undefined || rule.ObjectSizeLessThan !== undefined;
  if (version.size < SMALLEST_TRANSITION_BYTES && !sized) return undefined;
  if (!version.latest) {
    return noncurrentTransitionsOf(rule)
      .filter(step => newer >= (step.NewerNoncurrentVersions ?? 0))
      .filter(step => daysPassed(version.noncurrentSince ?? now, step.TransitionInDays, now))
      .sort((one, other) => other.TransitionInDays - one.TransitionInDays)[0]?.StorageClass;
  }
  const steps = transitionsOf(rule);
  const due = (step: Transition) =>
    step.TransitionInDays === undefined
      ? Date.parse(step.TransitionDate ?? '')
      : version.modified + step.TransitionInDays * DAY;
  return steps.filter(step => daysPassed(due(step), 0, now)).sort((one, other) => due(other) - due(one))[0]
    ?.StorageClass;
}

// A lifecycle rule as GetBucketLifecycleConfiguration answers it. Pure.

export function ruleDocument(rule: LifecycleRule): XmlNode {
  const tags = (rule.TagFilters ?? []).map(
    ({ Key, Value }): XmlNode => [
      'Tag',
      [
        ['Key', Key],
        ['Value', Value],
      ],
    ],
  );
  const filters: XmlNode[] = [
    ['Prefix', rule.Prefix],
    ...tags,
    ['ObjectSizeGreaterThan', rule.ObjectSizeGreaterThan],
    ['ObjectSizeLessThan', rule.ObjectSizeLessThan],
  ];
  const given = filters.filter(([, content]) => content !== undefined);
  const filter: XmlNode[] = given.length > 1 ? [['And', given]] : given.length === 1 ? given : [['Prefix', '']];
  const noncurrent = rule.NoncurrentVersionExpiration;
  const noncurrentDays = noncurrent?.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays;
  const expiration: XmlNode[] = [
    ['Days', rule.ExpirationInDays],
    ['Date', rule.ExpirationDate],
    ['ExpiredObjectDeleteMarker', rule.ExpiredObjectDeleteMarker],
  ];
  return [
    'Rule',
    [
      ['ID', rule.Id],
      ['Status', rule.Status],
      ['Filter', filter],
      ['Expiration', expiration.some(([, content]) => content !== undefined) ? expiration : undefined],
      [
        'NoncurrentVersionExpiration',
        noncurrentDays === undefined
          ? undefined
          : [
              ['NoncurrentDays', noncurrentDays],
              ['NewerNoncurrentVersions', noncurrent?.NewerNoncurrentVersions],
            ],
      ],
      ...transitionsOf(rule).map((step): XmlNode => {
        return [
          'Transition',
          [
            ['Days', step.TransitionInDays],
            ['Date', step.TransitionDate],
            ['StorageClass', step.StorageClass],
          ],
        ];
      }),
      ...noncurrentTransitionsOf(rule).map((step): XmlNode => {
        const newer: XmlNode = ['NewerNoncurrentVersions', step.NewerNoncurrentVersions];
        return [
          'NoncurrentVersionTransition',
          [['NoncurrentDays', step.TransitionInDays], newer, ['StorageClass', step.StorageClass]],
        ];
      }),
      [
        'AbortIncompleteMultipartUpload',
        rule.AbortIncompleteMultipartUpload && [
          ['DaysAfterInitiation', rule.AbortIncompleteMultipartUpload.DaysAfterInitiation],
        ],
      ],
    ],
  ];
}
