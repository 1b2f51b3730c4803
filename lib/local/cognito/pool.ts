/** What the template says of a user pool, its clients and its groups. */

export type Mfa = 'OFF' | 'OPTIONAL' | 'ON';

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
