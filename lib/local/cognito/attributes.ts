/** A user's attributes: which names a pool knows, and which of them the user may write. */
import type { Client, Pool } from './pools.ts';
import { refusal } from './refusal.ts';
import type { Attributes, User } from './users.ts';

export type AttributeList = readonly { readonly Name: string; readonly Value?: string | undefined }[];

const STANDARD = [
  'address',
  'birthdate',
  'email',
  'email_verified',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'phone_number_verified',
  'picture',
  'preferred_username',
  'profile',
  'updated_at',
  'website',
  'zoneinfo',
];
const PROOFS = ['email_verified', 'phone_number_verified'];

/** What an administrator sets; throws InvalidParameterException for a name that the pool does not have. */
export function readAttributes(pool: Pool, list: AttributeList): Attributes {
  const known = [...STANDARD, ...pool.customAttributes];
  const unknown = list.find(({ Name }) => !known.includes(Name));
  if (unknown) {
    const words = `Attribute ${unknown.Name} does not exist in the schema of the user pool, or cannot be set.`;
    throw refusal('InvalidParameterException', words);
  }
  const attributes = Object.fromEntries(list.map(({ Name, Value = '' }) => [Name, Value]));
  if (attributes.email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(attributes.email)) {
    throw refusal('InvalidParameterException', 'Invalid email address format.');
  }
  return attributes;
}

/** What users set themselves through a client: what it may write, and never the proof of an address. */
export function ownAttributes(pool: Pool, { writeAttributes }: Client, list: AttributeList): Attributes {
  const foreign = list.find(({ Name }) => PROOFS.includes(Name) || writeAttributes?.includes(Name) === false);
  if (foreign) {
    throw refusal('NotAuthorizedException', `A client attempted to write unauthorized attribute ${foreign.Name}`);
  }
  return readAttributes(pool, list);
}

/** Throws InvalidParameterException with the first required attribute that is missing. */
export function requireAttributes(pool: Pool, attributes: Attributes): void {
  const missing = pool.requiredAttributes.find(name => !attributes[name]);
  if (missing) {
    throw refusal('InvalidParameterException', `Attributes did not conform to the schema: ${missing}: is required`);
  }
}

/** As the API lists them. */
export function attributeList({ sub, attributes }: User): { Name: string; Value: string }[] {
  return Object.entries({ ...attributes, sub }).map(([Name, Value]) => ({ Name, Value }));
}
