import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { atomically } from '../../database.ts';
import type { Resource, ResourceType } from '../../service.ts';
import { type PasswordPolicy, poolId } from '../pools.ts';
import { refusal } from '../refusal.ts';
import type { Cognito } from '../state.ts';

const STANDARD_FROM = 'no-reply@verificationemail.com';

/** `AWS::Cognito::UserPool`. `issuerOf` is where the pool's tokens come from; AWS's has no port. */
export function poolResource(cognito: Cognito, issuerOf: (poolId: string) => string): ResourceType {
  const { region, accountId, clock } = cognito.context;
  return {
    identify({ name }) {
      const id = poolId(region, name);
      const ProviderURL = issuerOf(id);
      const attributes = {
        Arn: `arn:aws:cognito-idp:${region}:${accountId}:userpool/${id}`,
        ProviderName: ProviderURL.replace(/^https?:\/\//, ''),
        ProviderURL,
        UserPoolId: id,
      };
      return { ref: id, attributes };
    },
    apply(resource) {
      const given = readResource(poolProperties, resource);
      const { AdminCreateUserConfig: create, VerificationMessageTemplate: verify, Schema } = given;
      if (given.MfaConfiguration !== 'OFF' && given.EnabledMfas.length === 0) {
        throw new Error(`${resource.logicalId}: MfaConfiguration ${given.MfaConfiguration} needs EnabledMfas`);
      }
      const { ref: id, attributes } = resource;
      cognito.pools.addPool({
        id,
        arn: attributes.Arn ?? '',
        name: given.UserPoolName ?? `${resource.stack}-${resource.logicalId}`,
        issuer: issuerOf(id),
        mfa: given.MfaConfiguration,
        adminCreatesUsersOnly: create.AllowAdminCreateUserOnly,
        verifiesEmail: given.AutoVerifiedAttributes.length > 0,
        emailIsUsername: given.UsernameAttributes.length > 0,
        emailIsAlias: given.AliasAttributes.includes('email'),
        caseSensitive: given.UsernameConfiguration.CaseSensitive,
        passwordPolicy: policyOf(given.Policies.PasswordPolicy ?? DEFAULT_POLICY),
        requiredAttributes: Schema.filter(({ Required }) => Required).map(({ Name }) => Name),
        customAttributes: Schema.map(({ Name }) => `custom:${Name}`),
        recoversByEmail: given.AccountRecoverySetting.RecoveryMechanisms.some(({ Name }) => Name === 'verified_email'),
        from: given.EmailConfiguration.From ?? STANDARD_FROM,
        verification: {
          subject: verify.EmailSubject ?? given.EmailVerificationSubject ?? 'Your verification code',
          text: verify.EmailMessage ?? given.EmailVerificationMessage ?? 'Your verification code is {####}.',
        },
        invitation: {
          subject: create.InviteMessageTemplate.EmailSubject ?? 'Your temporary password',
          text:
            create.InviteMessageTemplate.EmailMessage ??
            'Your username is {username} and temporary password is {####}.',
        },
        created: clock.now(),
      });
    },
    remove({ ref: id, properties }) {
      if (!cognito.pools.find(id)) return;
      if (properties.DeletionProtection === 'ACTIVE') {
        const why = 'The user pool cannot be deleted because deletion protection is activated.';
        throw refusal('InvalidParameterException', `${why} Deletion protection must be inactivated first.`);
      }
      const domain = cognito.pools.domainOf(id);
      if (domain !== undefined) {
        const why = `User pool cannot be deleted. It has a domain configured that should be deleted first: ${domain}`;
        throw refusal('InvalidParameterException', why);
      }
      cognito.pools.drop('pool', id);
      forgetPool(cognito.context.database, id);
    },
    made: () => cognito.pools.keys('pool'),
    immutable: ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration'],
  };
}

/** Of the pool's keys and all that people did in it. */
function forgetPool(database: DatabaseSync, id: string): void {
  atomically(database, () => {
    for (const table of ['challenges', 'codes', 'sign_ins', 'memberships', 'users', 'federations', 'oidc', 'keys'])
      database.prepare(`DELETE FROM cognito_${table} WHERE pool = ?`).run(id);
  });
}

function policyOf(policy: typeof DEFAULT_POLICY): PasswordPolicy {
  return {
    minimumLength: policy.MinimumLength,
    lowercase: policy.RequireLowercase,
    uppercase: policy.RequireUppercase,
    numbers: policy.RequireNumbers,
    symbols: policy.RequireSymbols,
    temporaryDays: policy.TemporaryPasswordValidityDays,
  };
}

// The properties of `AWS::Cognito::UserPool`. What has no effect here is listed as inert; any other is refused.

export const flag = z.union([z.boolean(), z.enum(['true', 'false'])]).transform(value => String(value) === 'true');
export const count = z.coerce.number().int().min(0);

const passwordPolicy = z.strictObject({
  MinimumLength: z.coerce.number().int().min(6).max(99).default(8),
  RequireLowercase: flag.default(false),
  RequireUppercase: flag.default(false),
  RequireNumbers: flag.default(false),
  RequireSymbols: flag.default(false),
  TemporaryPasswordValidityDays: z.coerce.number().int().min(0).max(365).default(7),
});

const attribute = z.strictObject({
  Name: z.string(),
  AttributeDataType: z.unknown().optional(),
  DeveloperOnlyAttribute: z.literal(false).optional(),
  Mutable: flag.optional(),
  Required: flag.default(false),
  NumberAttributeConstraints: z.unknown().optional(),
  StringAttributeConstraints: z.unknown().optional(),
});

const message = z.strictObject({
  DefaultEmailOption: z.literal('CONFIRM_WITH_CODE').optional(),
  EmailMessage: z.string().optional(),
  EmailSubject: z.string().optional(),
  SmsMessage: z.string().optional(),
});

/** They matter only in AWS: deletion of the pool, its price, its watching, texts of SMS. */
const inert = {
  DeletionProtection: z.unknown().optional(),
  UserPoolTags: z.unknown().optional(),
  UserPoolTier: z.unknown().optional(),
  UserPoolAddOns: z.unknown().optional(),
  SmsAuthenticationMessage: z.unknown().optional(),
  SmsVerificationMessage: z.unknown().optional(),
};

const poolProperties = z.strictObject({
  ...inert,
  UserPoolName: z.string().optional(),
  MfaConfiguration: z.enum(['OFF', 'OPTIONAL', 'ON']).default('OFF'),
  EnabledMfas: z.array(z.literal('SOFTWARE_TOKEN_MFA', 'only SOFTWARE_TOKEN_MFA is here')).default([]),
  AdminCreateUserConfig: z
    .strictObject({
      AllowAdminCreateUserOnly: flag.default(false),
      InviteMessageTemplate: message.prefault({}),
      UnusedAccountValidityDays: z.unknown().optional(),
    })
    .prefault({}),
  AutoVerifiedAttributes: z.array(z.literal('email', 'only email is verified here')).default([]),
  UsernameAttributes: z.array(z.literal('email', 'only email is here')).default([]),
  AliasAttributes: z.array(z.enum(['email', 'preferred_username'])).default([]),
  UsernameConfiguration: z.strictObject({ CaseSensitive: flag.default(true) }).prefault({}),
  AccountRecoverySetting: z
    .strictObject({ RecoveryMechanisms: z.array(z.strictObject({ Name: z.string(), Priority: z.unknown() })) })
    .default({ RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] }),
  Policies: z
    .strictObject({
      PasswordPolicy: passwordPolicy.optional(),
      SignInPolicy: z.strictObject({ AllowedFirstAuthFactors: z.array(z.literal('PASSWORD')) }).optional(),
    })
    .prefault({}),
  Schema: z.array(attribute).default([]),
  EmailConfiguration: z
    .strictObject({
      EmailSendingAccount: z.string().optional(),
      From: z.string().optional(),
      SourceArn: z.unknown().optional(),
      ReplyToEmailAddress: z.unknown().optional(),
      ConfigurationSet: z.unknown().optional(),
    })
    .prefault({}),
  EmailVerificationMessage: z.string().optional(),
  EmailVerificationSubject: z.string().optional(),
  VerificationMessageTemplate: message.prefault({}),
  UserAttributeUpdateSettings: z
    .strictObject({ AttributesRequireVerificationBeforeUpdate: z.array(z.literal('email')).max(1) }) // Nothing here changes an address but an administrator.
    .optional(),
});

/** The policy of a pool that names none. */
const DEFAULT_POLICY: z.output<typeof passwordPolicy> = {
  MinimumLength: 8,
  RequireLowercase: true,
  RequireUppercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};

// What belongs to a user pool besides its clients: groups, its domain, and the identity providers that it trusts.

const groupProperties = z.strictObject({
  UserPoolId: z.string(),
  GroupName: z.string().optional(),
  Description: z.string().optional(),
  Precedence: z.coerce.number().int().min(0).optional(),
  // Of an identity pool, which would let members of the group take the role.
  RoleArn: z.unknown().optional(),
});

/** `AWS::Cognito::UserPoolGroup`. */
export function groupResource({ pools }: Cognito): ResourceType {
  return {
    identify: ({ name, properties }) => ({ ref: textOr(properties.GroupName, name), attributes: {} }),
    apply(resource) {
      const { UserPoolId, Description, Precedence } = readResource(groupProperties, resource);
      pools.pool(UserPoolId);
      pools.addGroup({ name: resource.ref, poolId: UserPoolId, description: Description, precedence: Precedence });
    },
    remove: ({ ref, properties }) => pools.drop('group', `${properties.UserPoolId} ${ref}`),
    made: () => pools.keys('group'),
    keyOf: ({ ref, properties }) => `${properties.UserPoolId} ${ref}`,
    immutable: ['UserPoolId'],
  };
}

const domainProperties = z.strictObject({
  UserPoolId: z.string(),
  Domain: z.string(),
  // The pages are below the pool's issuer here, and have one look.
  CustomDomainConfig: z.unknown().optional(),
  ManagedLoginVersion: z.unknown().optional(),
});

/** `AWS::Cognito::UserPoolDomain`: a name alone, as the pages here answer below the pool's issuer. */
/** `take`: told of each domain and its pool. */
export function domainResource({ pools }: Cognito, take: (domain: string, poolId: string) => void): ResourceType {
  return {
    identify: ({ name, properties }) => {
      const ref = textOr(properties.Domain, name);
      return { ref, attributes: { CloudFrontDistribution: `${ref}.cloudfront.net` } };
    },
    apply(resource) {
      const { UserPoolId } = readResource(domainProperties, resource);
      pools.pool(UserPoolId);
      pools.addDomain(resource.ref, UserPoolId);
      take(resource.ref, UserPoolId);
    },
    remove: ({ ref }) => pools.drop('domain', ref),
    made: () => pools.keys('domain'),
    immutable: ['UserPoolId'],
  };
}

const providerProperties = z.strictObject({
  UserPoolId: z.string(),
  ProviderName: z.string(),
  ProviderType: z.literal('OIDC', 'only OIDC is here'),
  ProviderDetails: z.record(z.string(), z.string()),
  AttributeMapping: z.record(z.string(), z.string()).default({}),
  IdpIdentifiers: z.array(z.string()).optional(),
});

/** `AWS::Cognito::UserPoolIdentityProvider`. */
export function identityProviderResource({ pools }: Cognito): ResourceType {
  return {
    identify: ({ name, properties }) => ({ ref: textOr(properties.ProviderName, name), attributes: {} }),
    apply(resource) {
      const given = readResource(providerProperties, resource);
      pools.pool(given.UserPoolId);
      pools.addIdentityProvider({
        name: given.ProviderName,
        poolId: given.UserPoolId,
        details: given.ProviderDetails,
        attributeMapping: given.AttributeMapping,
      });
    },
    remove: ({ ref, properties }) => pools.drop('provider', `${properties.UserPoolId} ${ref}`),
    made: () => pools.keys('provider'),
    keyOf: ({ ref, properties }) => `${properties.UserPoolId} ${ref}`,
    immutable: ['UserPoolId', 'ProviderType'],
  };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** The properties by their schema; throws with the logical id and every property that is wrong or not known. */
export function readResource<S extends z.ZodType>(schema: S, { logicalId, type, properties }: Resource): z.output<S> {
  const result = schema.safeParse(properties ?? {});
  if (result.success) return result.data;
  const reasons = result.error.issues.map(issue => {
    const where = issue.path.join('.');
    const names = issue.code === 'unrecognized_keys' ? issue.keys.map(key => (where ? `${where}.${key}` : key)) : [];
    if (names.length > 0) return `the local cloud does not know ${names.join(', ')}`;
    return `${where}: ${issue.message}`;
  });
  throw new Error(`${logicalId} (${type}): ${reasons.join('; ')}`);
}
