/** The properties of `AWS::Cognito::UserPool`. What has no effect here is listed as inert; any other is refused. */
import { z } from 'zod';

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

export const poolProperties = z.strictObject({
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
export const DEFAULT_POLICY: z.output<typeof passwordPolicy> = {
  MinimumLength: 8,
  RequireLowercase: true,
  RequireUppercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};
