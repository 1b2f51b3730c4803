import type { CloudContext } from '../service.ts';
import type { Challenges } from './challenges.ts';
import type { Codes } from './codes.ts';
import type { Federations } from './federations.ts';
import type { Mail } from './mail.ts';
import type { Memberships } from './memberships.ts';
import type { Pools } from './pools.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Tokens } from './tokens.ts';
import type { Users } from './users.ts';

/** Everything that Cognito knows, for whoever answers: the API and the pages. */
export interface Cognito {
  readonly context: CloudContext;
  readonly pools: Pools;
  readonly users: Users;
  readonly memberships: Memberships;
  readonly codes: Codes;
  readonly challenges: Challenges;
  readonly federations: Federations;
  readonly keys: SigningKeys;
  readonly tokens: Tokens;
  readonly mail: Mail;
}
