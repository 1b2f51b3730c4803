import type { ResourceType } from '../../service.ts';
import { poolId } from '../physical-ids.ts';
import type { PasswordPolicy } from '../pool.ts';
import type { Cognito } from '../state.ts';
import { DEFAULT_POLICY, poolProperties } from './pool-schema.ts';
import { readResource } from './read-resource.ts';

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
  };
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
