/**
 * Cognito user pools. What always holds:
 * - Nobody is signed in by less than the pool asks for: where MFA is on, no token without a code of the authenticator.
 * - A code, a challenge session, a refresh token and a client's secret are known to their holder; passwords are scrypt.
 * - The pool's id, its keys, its users and who is signed in are the same after a restart, however the last run ended.
 * - Tokens of the API and of the sign-in pages come from one place (tokens.ts) and look the same.
 */
import { jsonService } from '../protocols/json.ts';
import { wordsFor } from '../protocols/operation.ts';
import type { CloudContext, Engine } from '../service.ts';
import { Challenges } from './challenges.ts';
import { Codes } from './codes.ts';
import { prepareTables } from './cognito-schema.ts';
import { Federations } from './federations.ts';
import { hostedPages } from './hosted/hosted-pages.ts';
import { IssuerServer } from './issuer-server.ts';
import { createMail } from './mail.ts';
import { Memberships } from './memberships.ts';
import { ADMIN_GROUP_OPERATIONS } from './operations/admin-group-operations.ts';
import { ADMIN_USER_OPERATIONS } from './operations/admin-user-operations.ts';
import { OWN_USER_OPERATIONS } from './operations/own-user-operations.ts';
import { POOL_OPERATIONS } from './operations/pool-operations.ts';
import { SIGN_IN_OPERATIONS } from './operations/sign-in-operations.ts';
import { SIGN_UP_OPERATIONS } from './operations/sign-up-operations.ts';
import { Pools } from './pools.ts';
import { refusal } from './refusal.ts';
import { clientResource } from './resources/client-resource.ts';
import { domainResource, groupResource, identityProviderResource } from './resources/pool-parts.ts';
import { poolResource } from './resources/pool-resource.ts';
import { SigningKeys } from './signing-keys.ts';
import type { Cognito } from './state.ts';
import { Tokens } from './tokens.ts';
import { Users } from './users.ts';

const OPERATIONS = {
  ...SIGN_UP_OPERATIONS,
  ...SIGN_IN_OPERATIONS,
  ...OWN_USER_OPERATIONS,
  ...ADMIN_USER_OPERATIONS,
  ...ADMIN_GROUP_OPERATIONS,
  ...POOL_OPERATIONS,
};

export interface CognitoEngine extends Engine {
  /** `http://127.0.0.1:<port>`; each pool's issuer is `<url>/<pool id>`. */
  readonly url: string;
}

/** Listens at once, as identities of resources name the port; `port` 0 takes a free one. */
export async function createCognito(context: CloudContext, options: { port: number }): Promise<CognitoEngine> {
  const cognito = stateOf(context);
  const server = await IssuerServer.listen(options.port, hostedPages(cognito));
  const service = jsonService({
    signingName: 'cognito-idp',
    version: '1.1',
    targets: { AWSCognitoIdentityProviderService: OPERATIONS },
    unsigned: true,
    state: cognito,
    invalidInput: problem =>
      refusal('InvalidParameterException', `${[problem.of, ...problem.path].join('.')}: ${wordsFor(problem)}`),
  });
  return {
    url: server.url,
    services: [service],
    resources: {
      'AWS::Cognito::UserPool': poolResource(cognito, poolId => `${server.url}/${poolId}`),
      'AWS::Cognito::UserPoolClient': clientResource(cognito),
      'AWS::Cognito::UserPoolDomain': domainResource(cognito),
      'AWS::Cognito::UserPoolGroup': groupResource(cognito),
      'AWS::Cognito::UserPoolIdentityProvider': identityProviderResource(cognito),
    },
    stop: () => server.close(),
  };
}

function stateOf(context: CloudContext): Cognito {
  const { database, clock } = context;
  prepareTables(database);
  const pools = new Pools();
  const users = new Users(database, clock);
  const memberships = new Memberships(database, pools);
  const keys = new SigningKeys(database);
  return {
    context,
    pools,
    users,
    memberships,
    keys,
    codes: new Codes(database, clock),
    challenges: new Challenges(database, clock),
    federations: new Federations(database),
    tokens: new Tokens({ database, clock, pools, users, memberships, keys }),
    mail: createMail(context),
  };
}
