/**
 * The regions served, as one table: every country of ISO 3166-1 is served unless it is refused here or by the stage. The
 * refused ones are set by us, after the comprehensive embargoes of the United States and the European Union. Pure.
 */
import { Refusal } from './refusal.ts';

export const REGION_POLICY_VERSION = '2026-11-01';

/** Officially assigned codes, ISO 3166-1 alpha-2. */
const ASSIGNED = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
    'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO ' +
    'JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR ' +
    'MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO ' +
    'RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV ' +
    'TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

/** Set by us. */
const REFUSED: Readonly<Record<string, string>> = {
  CU: 'an embargo forbids it',
  IR: 'an embargo forbids it',
  KP: 'an embargo forbids it',
  SY: 'an embargo forbids it',
};

/** Why an account of this country is not served; undefined where it is. `refusedByStage` are codes that the stage adds. */
export function refuseRegion(country: string, refusedByStage: readonly string[]): Refusal | undefined {
  if (!ASSIGNED.has(country)) {
    return new Refusal(
      'invalid_parameter',
      `country ${country} is not a code of ISO 3166-1, such as DE or JP`,
      'country',
    );
  }
  const why =
    REFUSED[country] ?? (refusedByStage.includes(country) ? 'this platform does not offer it there' : undefined);
  if (why === undefined) return undefined;
  const name = new Intl.DisplayNames(['en'], { type: 'region' }).of(country);
  return new Refusal('region_not_served', `the service is not offered in ${name} (${country}): ${why}`, 'country');
}
