/** What belongs to a user pool besides its clients: groups, its domain, and the identity providers that it trusts. */
import { z } from 'zod';
import type { ResourceType } from '../../service.ts';
import type { Cognito } from '../state.ts';
import { readResource } from './read-resource.ts';

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
export function domainResource({ pools }: Cognito): ResourceType {
  return {
    identify: ({ name, properties }) => {
      const ref = textOr(properties.Domain, name);
      return { ref, attributes: { CloudFrontDistribution: `${ref}.cloudfront.net` } };
    },
    apply(resource) {
      pools.pool(readResource(domainProperties, resource).UserPoolId);
    },
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
  };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
