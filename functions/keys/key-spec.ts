/** The specification of a key: what a person requests of it, parsed into what is stored. Pure; a breach names the member and what would be right. */
import ipaddr from 'ipaddr.js';
import type { z } from 'zod';
import { FUNCTIONS } from '../catalogue/functions.ts';
import { list, MODELS } from '../catalogue/models.ts';
import { PERMISSIONS, type Permission } from '../catalogue/permissions.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { changeKey, createKey } from './contract.ts';
import type { StoredKey } from './key.ts';

/** What a key is made of. */
export type KeySpec = Pick<StoredKey, 'name' | 'permissions' | 'functions' | 'models' | 'addresses'> &
  Pick<StoredKey, 'spendLimit' | 'expiresAtMs'>;

/** What changes: null takes the member away, an absent one stays. */
export type KeyChange = {
  readonly [Member in keyof KeySpec]?: Exclude<KeySpec[Member], undefined> | null;
};

export const READ_ONLY: readonly Permission[] = PERMISSIONS.filter(name => name.endsWith(':read'));
const DAY_MS = 24 * 3600 * 1000;

/** The specification of a new key; `now` is epoch ms. */
export function parseSpec(requested: z.output<typeof createKey.input>, now: number): KeySpec {
  const { permissions, ...rest } = parseChange(requested, now);
  if (!permissions) {
    const remedy = `name some of ${list(PERMISSIONS)}, or send read_only: true`;
    throw new Refusal('missing_parameter', `permissions is required: ${remedy}`, 'permissions');
  }
  return { ...(rest as Omit<KeySpec, 'permissions'>), permissions };
}

/** The requested change of a key; throws a Refusal for the first member that cannot be. */
export function parseChange(requested: Omit<z.output<typeof changeKey.input>, 'id'>, now: number): KeyChange {
  const { name, functions, models, addresses, spend_limit: spendLimit } = requested;
  const permissions = permissionsOf(requested);
  const expiresAtMs = expiryOf(requested, now);
  return {
    ...(name !== undefined && { name }),
    ...(permissions && { permissions }),
    ...(functions !== undefined && {
      functions: functions && eachKnown('functions', functions, Object.keys(FUNCTIONS)),
    }),
    ...(models !== undefined && {
      models:
        models &&
        eachKnown(
          'models',
          models,
          MODELS.map(model => model.name),
        ),
    }),
    ...(addresses !== undefined && { addresses: addresses?.map(rangeOf) ?? null }),
    ...(spendLimit !== undefined && { spendLimit }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  };
}

function permissionsOf(requested: { permissions?: string[] | undefined; read_only?: boolean | undefined }) {
  const { permissions, read_only: readOnly } = requested;
  if (permissions && readOnly)
    throw new Refusal('invalid_parameter', 'read_only does not go with permissions: send one of them', 'read_only');
  if (permissions) return eachKnown('permissions', permissions, PERMISSIONS) as Permission[];
  return readOnly ? READ_ONLY : undefined;
}

function expiryOf(
  requested: { expires_at?: string | null | undefined; expires_in_days?: number | undefined },
  now: number,
): number | null | undefined {
  const { expires_at: at, expires_in_days: days } = requested;
  if (at !== undefined && days !== undefined)
    throw new Refusal('invalid_parameter', 'expires_in_days does not go with expires_at', 'expires_in_days');
  if (days !== undefined) return now + days * DAY_MS;
  if (at === undefined || at === null) return at;
  const moment = Date.parse(at);
  if (moment <= now)
    throw new Refusal('invalid_parameter', 'expires_at must lie ahead; to end a key now, revoke it', 'expires_at');
  return moment;
}

/** Each once, in the order in which they were named. */
function eachKnown(field: string, names: readonly string[], offered: readonly string[]): string[] {
  const stranger = names.find(name => !offered.includes(name));
  if (stranger !== undefined)
    throw new Refusal('invalid_parameter', `${field} has ${stranger}; there are ${list(offered)}`, field);
  return [...new Set(names)];
}

/** An address or a CIDR range in its usual form. */
function rangeOf(text: string): string {
  const [network = '', bits, ...more] = text.trim().split('/');
  const usual = ipaddr.IPv4.isValidFourPartDecimal(network) || ipaddr.IPv6.isValid(network);
  const address = usual ? ipaddr.parse(network) : undefined;
  const length = address?.kind() === 'ipv4' ? 32 : 128;
  const sized = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= length);
  // A range of IPv4 addresses written as IPv6 would never match: callers are seen as what they are.
  const mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
  if (!address || !sized || mapped || more.length > 0) {
    const right = 'an address such as 203.0.113.7 or 2001:db8::7, or a range such as 203.0.113.0/24';
    throw new Refusal('invalid_parameter', `addresses has ${text}; it takes ${right}`, 'addresses');
  }
  return bits === undefined ? address.toString() : `${address.toString()}/${Number(bits)}`;
}
