/**
 * Consents of an account to uses of its content. There is none until a person gives it, it names the wording that the
 * person saw, and it can be withdrawn at any time, whatever the account's status. Pure.
 */
import { Refusal } from '../catalogue/refusal.ts';
import { type CONSENT_NAMES, CONSENT_WORDING } from './agreements-contract.ts';

export type ConsentName = (typeof CONSENT_NAMES)[number];

export interface Consent {
  readonly given: boolean;
  /** The version of the wording that it was given or withdrawn under. */
  readonly wordingVersion: string;
  /** ISO 8601. */
  readonly changedAt: string;
  /** The person. */
  readonly changedBy: string;
}
export type Consents = Partial<Readonly<Record<ConsentName, Consent>>>;

/** The consents after a change; throws a Refusal for a wording that is not the current one. */
export function changedConsents(
  before: Consents,
  requested: Partial<Record<ConsentName, boolean | undefined>> & { wording_version: string },
  { by, at }: { by: string; at: string },
): Consents {
  const { version } = CONSENT_WORDING;
  if (requested.wording_version !== version) {
    throw new Refusal(
      'invalid_parameter',
      `wording_version must be ${version}, the wording that GET /v1/account/consents answers`,
      'wording_version',
    );
  }
  const change = (name: ConsentName): Consents => {
    const given = requested[name];
    const unchanged = before[name]?.given === given && before[name]?.wordingVersion === version;
    if (given === undefined || unchanged) return {};
    return { [name]: { given, wordingVersion: version, changedAt: at, changedBy: by } };
  };
  return { ...before, ...change('promotion'), ...change('improvement') };
}

/** The consents for a reader. */
export function describeConsents(consents: Consents = {}) {
  const described = (name: ConsentName) => {
    const { given = false, wordingVersion = CONSENT_WORDING.version, changedAt, changedBy } = consents[name] ?? {};
    return {
      given,
      wording: CONSENT_WORDING[name],
      wording_version: wordingVersion,
      changed_at: changedAt ?? null,
      changed_by: changedBy ?? null,
    };
  };
  return { object: 'consents' as const, promotion: described('promotion'), improvement: described('improvement') };
}
