/**
 * Two user pools, so that no mistake in groups makes a customer staff: the roles reviewer, operator and finance are read
 * from tokens of the staff pool alone. Both have a hosted sign-in; customers may also come from an OpenID provider of the stage.
 */
import { Duration, SecretValue } from 'aws-cdk-lib';
import {
  AccountRecovery,
  type AuthFlow,
  CfnUserPoolGroup,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  OAuthScope,
  type PasswordPolicy,
  ProviderAttribute,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolDomain,
  UserPoolIdentityProviderOidc,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { type Stage, signInPageOf } from '../stage.ts';
import { nameOnce } from './name-once.ts';

export interface Pool {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** Where the pages of its domain are. */
  readonly domainUrl: string;
  /** Where a browser signs in: at the platform's own page, or to be sent back to the first that the stage names. */
  readonly signInUrl: string;
}

/** NIST SP 800-63B asks for length, the AwsSolutions checks for classes of characters: both. */
const PASSWORDS: PasswordPolicy = {
  minLength: 12,
  requireLowercase: true,
  requireUppercase: true,
  requireDigits: true,
  requireSymbols: true,
  tempPasswordValidity: Duration.days(3),
};
const STAFF_ROLES = ['reviewer', 'operator', 'finance'] as const;

/** Anybody may sign up here; a second factor is theirs to choose. */
export function makeDeveloperPool(scope: Construct, stage: Stage): Pool {
  const pool = new UserPool(scope, 'Developers', {
    ...shared(stage),
    selfSignUpEnabled: true,
    mfa: Mfa.OPTIONAL,
  });
  acknowledge(pool, {
    'AwsSolutions-COG2': 'A second factor is the choice of a customer; staff, who decide about others, must have one.',
    'AwsSolutions-COG8':
      'The Plus plan costs by active user; whoever wants its threat protection turns it on for the stage.',
  });
  group(scope, pool, 'developer', 'Customers, who act for their account');
  const provider = federate(scope, stage, pool);
  const providers = [UserPoolClientIdentityProvider.COGNITO];
  if (provider) providers.push(UserPoolClientIdentityProvider.custom(provider.providerName));
  const pages = clientOf(scope, stage, pool, 'DevelopersClient', {
    supportedIdentityProviders: providers,
    authFlows: { userPassword: true, userSrp: true },
    scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.COGNITO_ADMIN],
  });
  return { pool, ...pages };
}

/** Nobody signs up here: an operator of AWS adds people, and puts them into groups. */
export function makeStaffPool(scope: Construct, stage: Stage): Pool {
  const pool = new UserPool(scope, 'Staff', { ...shared(stage), selfSignUpEnabled: false, mfa: Mfa.REQUIRED });
  acknowledge(pool, {
    'AwsSolutions-COG8':
      'The Plus plan costs by active user; whoever wants its threat protection turns it on for the stage.',
  });
  for (const role of STAFF_ROLES) group(scope, pool, role, `Staff with the role ${role}`);
  const pages = clientOf(scope, stage, pool, 'StaffClient', {
    supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
    // Every token that the API gives has the scope aws.cognito.signin.user.admin, with which whoever holds it sets up another
    // second factor. So staff sign in at the pages alone, and no page gives that scope.
    authFlows: { userPassword: false, userSrp: false, custom: false, adminUserPassword: false, user: false },
    scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
  });
  return { pool, ...pages };
}

function shared(stage: Stage) {
  return {
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    keepOriginal: { email: true },
    mfaSecondFactor: { otp: true, sms: false },
    passwordPolicy: PASSWORDS,
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    featurePlan: FeaturePlan.ESSENTIALS,
    deletionProtection: stage.retain,
    removalPolicy: stage.protectedRemoval,
  };
}

function group(scope: Construct, pool: UserPool, role: string, description: string): void {
  new CfnUserPoolGroup(scope, `${role}Group`, { userPoolId: pool.userPoolId, groupName: role, description });
}

/** What may differ between clients. */
interface ClientChoices {
  readonly supportedIdentityProviders: UserPoolClientIdentityProvider[];
  /** Of the API; refresh tokens can always be used. */
  readonly authFlows: AuthFlow;
  /** Of tokens from the pages. */
  readonly scopes: OAuthScope[];
}

/** A client of programs and pages: no secret, and the code flow with PKCE. */
function clientOf(
  scope: Construct,
  stage: Stage,
  pool: UserPool,
  id: string,
  { supportedIdentityProviders, authFlows, scopes }: ClientChoices,
): Omit<Pool, 'pool'> {
  const name = id.toLowerCase().replace('client', '');
  const domain = new UserPoolDomain(scope, `${id}Domain`, {
    userPool: pool,
    // Unique in a region of AWS, among all its accounts.
    cognitoDomain: { domainPrefix: nameOnce(`mutoscope-${stage.name}-${name}`) },
  });
  const client = new UserPoolClient(scope, id, {
    userPool: pool,
    // Shown on the sign-in page.
    userPoolClientName: id === 'StaffClient' ? 'Mutoscope staff' : 'Mutoscope',
    generateSecret: false,
    authFlows,
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes,
      callbackUrls: [...stage.signInCallbacks],
      logoutUrls: [...stage.signInCallbacks],
    },
    // Named, so that no attribute that decides anything can be added later and be the user's to write. The address must be
    // among them: a sign-up gives it, and Cognito takes no client that cannot write what its pool requires.
    writeAttributes: new ClientAttributes().withStandardAttributes({ email: true, fullname: true }),
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    // A token cannot be called back: it lives no longer than it takes to notice.
    accessTokenValidity: Duration.minutes(30),
    idTokenValidity: Duration.minutes(30),
    refreshTokenValidity: Duration.days(7),
    supportedIdentityProviders,
  });
  const domainUrl = domain.baseUrl();
  const page = signInPageOf(stage);
  if (page !== undefined) return { client, domainUrl, signInUrl: `${page}?as=${name}` };
  const [callback = ''] = stage.signInCallbacks;
  const query = `client_id=${client.userPoolClientId}&response_type=code&redirect_uri=${encodeURIComponent(callback)}`;
  return { client, domainUrl, signInUrl: `${domainUrl}/oauth2/authorize?${query}` };
}

/** The OpenID provider that the stage names, so that customers may sign in with what they have. */
function federate(scope: Construct, stage: Stage, pool: UserPool): UserPoolIdentityProviderOidc | undefined {
  const { oidcIssuer, oidcClientId, oidcClientSecret } = stage;
  if (!oidcIssuer) return undefined;
  return new UserPoolIdentityProviderOidc(scope, 'OpenIdProvider', {
    userPool: pool,
    name: 'sso',
    issuerUrl: oidcIssuer,
    clientId: oidcClientId,
    // Named in the template, read by CloudFormation: the secret stands in no file.
    clientSecret: SecretValue.secretsManager(oidcClientSecret).unsafeUnwrap(),
    scopes: ['openid', 'email', 'profile'],
    attributeMapping: { email: ProviderAttribute.other('email') },
  });
}
