import { createHash } from 'node:crypto';
import { refusal } from './refusal.ts';

/** The pools of the template, and what belongs to each. */
export class Pools {
  readonly #pools = new Map<string, Pool>();
  readonly #clients = new Map<string, Client>();
  readonly #groups = new Map<string, Group>();
  readonly #providers = new Map<string, IdentityProvider>();
  /** The pool of each domain. */
  readonly #domains = new Map<string, string>();

  addPool(pool: Pool): void {
    this.#pools.set(pool.id, pool);
  }

  addClient(client: Client): void {
    this.#clients.set(client.id, client);
  }

  addGroup(group: Group): void {
    this.#groups.set(`${group.poolId} ${group.name}`, group);
  }

  addIdentityProvider(provider: IdentityProvider): void {
    this.#providers.set(`${provider.poolId} ${provider.name}`, provider);
  }

  addDomain(domain: string, poolId: string): void {
    this.#domains.set(domain, poolId);
  }

  /** What there is, by the keys that `drop` takes. */
  keys(kind: Kind): readonly string[] {
    return [...this.#kept(kind).keys()];
  }

  drop(kind: Kind, key: string): void {
    this.#kept(kind).delete(key);
  }

  domainOf(poolId: string): string | undefined {
    return [...this.#domains].find(([, pool]) => pool === poolId)?.[0];
  }

  #kept(kind: Kind): Map<string, unknown> {
    const kept = {
      pool: this.#pools,
      client: this.#clients,
      group: this.#groups,
      provider: this.#providers,
      domain: this.#domains,
    };
    return kept[kind];
  }

  find(id: string): Pool | undefined {
    return this.#pools.get(id);
  }

  /** Throws ResourceNotFoundException. */
  pool(id: string): Pool {
    const pool = this.#pools.get(id);
    if (!pool) throw refusal('ResourceNotFoundException', `User pool ${id} does not exist.`);
    return pool;
  }

  /** Throws ResourceNotFoundException, for a client of another pool too. */
  client(id: string, poolId?: string): Client {
    const client = this.#clients.get(id);
    if (!client || (poolId !== undefined && client.poolId !== poolId)) {
      throw refusal('ResourceNotFoundException', `User pool client ${id} does not exist.`);
    }
    return client;
  }

  clientOf(pool: Pool, id: string): Client | undefined {
    const client = this.#clients.get(id);
    return client?.poolId === pool.id ? client : undefined;
  }

  /** Throws ResourceNotFoundException. */
  group(pool: Pool, name: string): Group {
    const group = this.#groups.get(`${pool.id} ${name}`);
    if (!group) throw refusal('ResourceNotFoundException', 'Group not found.');
    return group;
  }

  hasGroup(poolId: string, name: string): boolean {
    return this.#groups.has(`${poolId} ${name}`);
  }

  identityProviders(poolId: string): readonly IdentityProvider[] {
    return [...this.#providers.values()].filter(provider => provider.poolId === poolId);
  }
}

type Kind = 'pool' | 'client' | 'group' | 'provider' | 'domain';

// What the template says of a user pool, its clients and its groups.

type Mfa = 'OFF' | 'OPTIONAL' | 'ON';

export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly lowercase: boolean;
  readonly uppercase: boolean;
  readonly numbers: boolean;
  readonly symbols: boolean;
  readonly temporaryDays: number;
}

/** A message with `{####}` for the code, and `{username}` where it is an invitation. */
export interface MessageTemplate {
  readonly subject: string;
  readonly text: string;
}

export interface Pool {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** Where its tokens come from: the `iss` of each. */
  readonly issuer: string;
  readonly mfa: Mfa;
  readonly adminCreatesUsersOnly: boolean;
  /** Whether an e-mail address is proved by a code at sign-up. */
  readonly verifiesEmail: boolean;
  /** The user signs in with the address; the username is then an id of Cognito's own. */
  readonly emailIsUsername: boolean;
  /** Whether a user of another name may sign in with the address too. */
  readonly emailIsAlias: boolean;
  readonly caseSensitive: boolean;
  readonly passwordPolicy: PasswordPolicy;
  /** Attributes that a sign-up must give. */
  readonly requiredAttributes: readonly string[];
  /** `custom:...`. */
  readonly customAttributes: readonly string[];
  readonly recoversByEmail: boolean;
  readonly from: string;
  readonly verification: MessageTemplate;
  readonly invitation: MessageTemplate;
  readonly created: number;
}

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly poolId: string;
  readonly secret: string | undefined;
  /** Without `ALLOW_`: `USER_PASSWORD_AUTH`, `REFRESH_TOKEN_AUTH`. */
  readonly authFlows: readonly string[];
  readonly codeFlow: boolean;
  readonly scopes: readonly string[];
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly identityProviders: readonly string[];
  /** Attributes that its users may write themselves; all of the standard ones where it is absent. */
  readonly writeAttributes?: readonly string[] | undefined;
  readonly hidesUnknownUsers: boolean;
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly challengeSeconds: number;
}

export interface Group {
  readonly name: string;
  readonly poolId: string;
  readonly description: string | undefined;
  readonly precedence: number | undefined;
}

export interface IdentityProvider {
  readonly name: string;
  readonly poolId: string;
  readonly details: Readonly<Record<string, string>>;
  readonly attributeMapping: Readonly<Record<string, string>>;
}

// Ids such as Cognito gives, which are the same at every start for the same physical name.

const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `us-east-1_Ab12Cd34e`. */
export function poolId(region: string, name: string): string {
  return `${region}_${digits(`pool ${name}`, MIXED, 9)}`;
}

/** 26 lower-case letters and digits. */
export function clientId(name: string): string {
  return digits(`client ${name}`, LOWER, 26);
}

function digits(name: string, alphabet: string, length: number): string {
  let rest = BigInt(`0x${createHash('sha256').update(name).digest('hex')}`);
  let text = '';
  const base = BigInt(alphabet.length);
  for (; text.length < length; rest /= base) text += alphabet[Number(rest % base)];
  return text;
}
