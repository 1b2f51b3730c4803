/** By what accounts are found: terms that begin as it is written, and whole ids. */
export const FOUND_BY = ['email', 'name', 'company', 'account_number', 'key'] as const;
export type FoundBy = (typeof FOUND_BY)[number];

export const FOUND_BY_NAMES = [...FOUND_BY, 'account', 'video', 'request'] as const;
