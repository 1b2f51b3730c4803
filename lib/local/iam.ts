/**
 * Who is calling, and what the template lets them do. An explicit deny wins; else an allow in the caller's own policies
 * or in the resource's policy; else no. What runs as a role has temporary credentials of it; one administrator stands for
 * the person at the keyboard.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { matches, statementApplies } from './policy-statement.ts';
import {
  AwsError,
  type Credentials,
  type Engine,
  type Iam,
  type KeyHolder,
  type PolicyStatement,
  type Resource,
  type SessionCredentials,
} from './service.ts';

/** Who holds an access key, and the token without which a session's is none. */
interface KnownKey {
  readonly token: string | undefined;
  readonly holder: KeyHolder;
}

export class LocalIam implements Iam {
  readonly #database: DatabaseSync;
  readonly #lasting: StatementSync;
  readonly #session: StatementSync;
  readonly #known = new Map<string, KnownKey>();
  readonly #administrator: string;
  readonly #identityPolicies = new Map<string, Map<string, readonly PolicyStatement[]>>();
  readonly #resourcePolicies = new Map<string, Map<string, readonly PolicyStatement[]>>();
  /** By ARN: who may act as the role. */
  readonly #roles = new Map<string, readonly PolicyStatement[]>();
  readonly #account: { readonly accountId: string };

  constructor(database: DatabaseSync, options: { accountId: string }) {
    this.#database = database;
    this.#account = options;
    this.#administrator = `arn:aws:iam::${options.accountId}:user/local-administrator`;
    database.exec(`CREATE TABLE IF NOT EXISTS iam_credentials
      (access_key_id TEXT PRIMARY KEY, principal TEXT NOT NULL UNIQUE, secret TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS iam_sessions
      (access_key_id TEXT PRIMARY KEY, principal TEXT NOT NULL, name TEXT NOT NULL, secret TEXT NOT NULL,
       token TEXT NOT NULL, UNIQUE (principal, name)) STRICT`);
    this.#lasting = database.prepare('SELECT * FROM iam_credentials WHERE access_key_id = ?');
    this.#session = database.prepare('SELECT * FROM iam_sessions WHERE access_key_id = ?');
  }

  /** Credentials that may do everything, for the aws CLI. */
  administrator(): Credentials {
    return this.credentialsFor(this.#administrator);
  }

  credentialsFor(principal: string): Credentials {
    this.#database
      .prepare('INSERT OR IGNORE INTO iam_credentials VALUES (?, ?, ?)')
      .run(`AKIA${randomBytes(8).toString('hex').toUpperCase()}`, principal, randomBytes(30).toString('base64url'));
    const row = this.#database.prepare('SELECT * FROM iam_credentials WHERE principal = ?').get(principal);
    return { accessKeyId: String(row?.access_key_id), secretAccessKey: String(row?.secret) };
  }

  sessionFor(principal: string, name: string): SessionCredentials {
    this.#database
      .prepare('INSERT OR IGNORE INTO iam_sessions VALUES (?, ?, ?, ?, ?)')
      .run(
        `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        principal,
        name,
        randomBytes(30).toString('base64url'),
        randomBytes(90).toString('base64'),
      );
    const sql = 'SELECT * FROM iam_sessions WHERE principal = ? AND name = ?';
    const row = this.#database.prepare(sql).get(principal, name);
    return {
      accessKeyId: String(row?.access_key_id),
      secretAccessKey: String(row?.secret),
      sessionToken: String(row?.token),
    };
  }

  holderOf(accessKeyId: string, sessionToken: string | undefined): KeyHolder | 'unknown' | 'wrong token' {
    const known = this.#known.get(accessKeyId) ?? this.#kept(accessKeyId);
    // A key of a session is none without the token.
    if (!known || (known.token !== undefined && sessionToken === undefined)) return 'unknown';
    return known.token === sessionToken ? known.holder : 'wrong token';
  }

  /** What is kept never changes: each call asks for it, and reads it once. */
  #kept(accessKeyId: string): KnownKey | undefined {
    const row = this.#lasting.get(accessKeyId) ?? this.#session.get(accessKeyId);
    if (!row) return undefined;
    const session = row.name === undefined ? undefined : String(row.name);
    const token = row.token === undefined ? undefined : String(row.token);
    const known = { token, holder: { principal: String(row.principal), secret: String(row.secret), session } };
    this.#known.set(accessKeyId, known);
    return known;
  }

  setIdentityPolicy(principal: string, id: string, statements: readonly PolicyStatement[]): void {
    put(this.#identityPolicies, principal, id, statements);
  }

  setResourcePolicy(resource: string, id: string, statements: readonly PolicyStatement[]): void {
    put(this.#resourcePolicies, resource, id, statements);
  }

  putRole(arn: string, trust: readonly PolicyStatement[]): void {
    this.#roles.set(arn, trust);
  }

  roles(): readonly string[] {
    return [...this.#roles.keys()];
  }

  /** Throws where a policy is still attached, as IAM does; the role's own go with it. */
  removeRole(arn: string, own: string): void {
    const attached = [...(this.#identityPolicies.get(arn)?.keys() ?? [])].filter(id => !id.startsWith(own));
    if (attached.length > 0) {
      throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
    }
    this.#identityPolicies.delete(arn);
    this.#roles.delete(arn);
  }

  /** Takes the identity policies of which `named` is the id, or begins it, from every principal. */
  dropIdentityPolicies(named: (id: string) => boolean): void {
    for (const policies of this.#identityPolicies.values()) {
      for (const id of [...policies.keys()].filter(named)) policies.delete(id);
    }
  }

  trusts(roleArn: string, principal: string): boolean | undefined {
    const statements = this.#roles.get(roleArn);
    const { accountId } = this.#account;
    // A statement that names the account trusts all of the account whose own policies allow it.
    const whole = [accountId, `arn:aws:iam::${accountId}:root`];
    const mayAct = this.allows({ principal, action: 'sts:AssumeRole', resource: roleArn });
    return statements?.some(statement => {
      const named = typeof statement.Principal === 'object' ? Object.values(statement.Principal).flat() : [];
      return (
        statement.Effect === 'Allow' &&
        (named.includes(principal) || (mayAct && whole.some(all => named.includes(all))))
      );
    });
  }

  allows(asked: {
    principal: string;
    action: string;
    resource: string;
    context?: Readonly<Record<string, string>>;
  }): boolean {
    const { principal } = asked;
    // There is one account here.
    const accounts = {
      'aws:ResourceAccount': this.#account.accountId,
      'aws:PrincipalAccount': this.#account.accountId,
    };
    const call = { ...asked, context: { ...accounts, ...asked.context } };
    const identity = [...(this.#identityPolicies.get(principal)?.values() ?? [])].flat();
    const onResource = this.#policiesOn(call.resource).filter(statement => names(statement, principal));
    const applying = [...identity, ...onResource].filter(statement => statementApplies(statement, call));
    if (applying.some(statement => statement.Effect === 'Deny')) return false;
    return principal === this.#administrator || applying.length > 0;
  }

  /** A bucket's policy speaks for its objects too: it stands on the longest prefix of the resource that has one. */
  #policiesOn(resource: string): readonly PolicyStatement[] {
    const owner = this.#resourcePolicies.get(resource) ?? this.#resourcePolicies.get(resource.split('/')[0] ?? '');
    return owner ? [...owner.values()].flat() : [];
  }
}

/** Of AWS's own policies those that a role here can live by; of another one it has nothing. */
const OF_AWS: Readonly<Record<string, PolicyStatement>> = {
  AdministratorAccess: { Effect: 'Allow', Action: '*', Resource: '*' },
  AWSCloudFormationReadOnlyAccess: {
    Effect: 'Allow',
    Action: ['Describe', 'Get', 'List', 'ValidateTemplate'].map(name => `cloudformation:${name}*`),
    Resource: '*',
  },
};

/** The engine of `AWS::IAM::*`: it has no endpoint, only resources. */
export function createIam(iam: LocalIam, accountId: string): Engine {
  const policiesOf = (id: string, properties: Record<string, unknown>): void => {
    iam.dropIdentityPolicies(known => known === id);
    const document = properties.PolicyDocument as { Statement: PolicyStatement | PolicyStatement[] };
    for (const role of (properties.Roles ?? []) as string[]) {
      iam.setIdentityPolicy(roleArn(accountId, role), id, [document.Statement].flat());
    }
  };
  const noIdentity = { ref: '', attributes: {} };
  const policyId = ({ stack, logicalId }: Resource): string => `${stack}/${logicalId}`;
  const managed = new Set<string>();
  return {
    services: [],
    resources: {
      'AWS::IAM::Role': {
        identify: ({ name, properties: { RoleName: given } }) => {
          const ref = typeof given === 'string' ? given : name;
          return { ref, attributes: { Arn: roleArn(accountId, ref), RoleId: ref } };
        },
        apply({ ref, properties }) {
          iam.putRole(roleArn(accountId, ref), [properties.AssumeRolePolicyDocument?.Statement ?? []].flat());
          iam.dropIdentityPolicies(id => id.startsWith(`${ref}:`));
          for (const policy of properties.Policies ?? [])
            policiesOf(`${ref}:${policy.PolicyName}`, { ...policy, Roles: [ref] });
          for (const policy of (properties.ManagedPolicyArns ?? []) as string[]) {
            const statement = OF_AWS[policy.slice(policy.indexOf('/') + 1)];
            if (statement && policy.startsWith('arn:aws:iam::aws:'))
              iam.setIdentityPolicy(roleArn(accountId, ref), `${ref}:${policy}`, [statement]);
          }
        },
        remove: ({ ref }) => iam.removeRole(roleArn(accountId, ref), `${ref}:`),
        made: () => iam.roles().map(arn => arn.slice(arn.indexOf('/') + 1)),
        immutable: ['Path'],
      },
      'AWS::IAM::Policy': {
        identify: () => noIdentity,
        apply: resource => policiesOf(policyId(resource), resource.properties),
        remove: resource => iam.dropIdentityPolicies(id => id === policyId(resource)),
        keyOf: policyId,
      },
      'AWS::IAM::ManagedPolicy': {
        identify: ({ name, properties: { ManagedPolicyName: given } }) => ({
          ref: `arn:aws:iam::${accountId}:policy/${typeof given === 'string' ? given : name}`,
          attributes: {},
        }),
        apply: resource => {
          managed.add(resource.ref);
          policiesOf(policyId(resource), resource.properties);
        },
        remove: resource => {
          managed.delete(resource.ref);
          iam.dropIdentityPolicies(id => id === policyId(resource));
        },
        made: () => [...managed],
        immutable: ['Description', 'Path'],
      },
      'AWS::IAM::InstanceProfile': {
        identify: ({ name }) => ({
          ref: name,
          attributes: { Arn: `arn:aws:iam::${accountId}:instance-profile/${name}` },
        }),
      },
    },
  };
}

function roleArn(accountId: string, name: string): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}

function put(
  policies: Map<string, Map<string, readonly PolicyStatement[]>>,
  owner: string,
  id: string,
  statements: readonly PolicyStatement[],
): void {
  const byId = policies.get(owner) ?? new Map();
  if (statements.length > 0) byId.set(id, statements);
  else byId.delete(id);
  if (byId.size > 0) policies.set(owner, byId);
  else policies.delete(owner);
}

/** Whether a resource policy's statement is about this principal. */
export function names(statement: PolicyStatement, principal: string): boolean {
  const named = statement.Principal;
  if (named === undefined) return false;
  const values = typeof named === 'string' ? [named] : Object.values(named).flat();
  return values.some(value => value === principal || matches(value, principal));
}
