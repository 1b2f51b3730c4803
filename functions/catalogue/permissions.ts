/** Who may do what: permissions of keys, roles of people, and what an account's status allows. */

/** What a key may be allowed to do. */
export const PERMISSIONS = ['videos:create', 'videos:read', 'videos:delete', 'media:write', 'credits:read'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Who a person is to the platform. Developers belong to an account; the other three are staff, and sign in with a second factor. */
export const ROLES = ['developer', 'reviewer', 'operator', 'finance'] as const;
export type Role = (typeof ROLES)[number];

/** What an account's status allows or not: account-status.ts has the table. */
export const CAPABILITIES = ['read', 'apply', 'keys', 'pay', 'use'] as const;
export type Capability = (typeof CAPABILITIES)[number];
