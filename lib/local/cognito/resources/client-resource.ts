import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ResourceType } from '../../service.ts';
import { clientId } from '../pools.ts';
import type { Cognito } from '../state.ts';
import { count, flag, readResource } from './pool-resource.ts';

const UNIT_SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
const unit = z.enum(['seconds', 'minutes', 'hours', 'days']);
const SCOPES = ['openid', 'email', 'profile', 'phone', 'aws.cognito.signin.user.admin'] as const;

/** They matter only in AWS, or to what is not here: analytics, threat protection, the attributes a client may read. */
const inert = {
  AnalyticsConfiguration: z.unknown().optional(),
  EnablePropagateAdditionalUserContextData: z.unknown().optional(),
  EnableTokenRevocation: z.literal([true, 'true'], 'tokens can always be revoked here').optional(),
  ReadAttributes: z.unknown().optional(),
};

const properties = z.strictObject({
  ...inert,
  WriteAttributes: z.array(z.string()).optional(),
  UserPoolId: z.string(),
  ClientName: z.string().optional(),
  GenerateSecret: flag.default(false),
  ExplicitAuthFlows: z
    .array(z.string())
    .default(['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH']),
  AllowedOAuthFlowsUserPoolClient: flag.default(false),
  AllowedOAuthFlows: z.array(z.literal('code', 'only the code flow is here')).default([]),
  AllowedOAuthScopes: z.array(z.enum(SCOPES)).default([]),
  CallbackURLs: z.array(z.string()).default([]),
  DefaultRedirectURI: z.string().optional(),
  LogoutURLs: z.array(z.string()).default([]),
  SupportedIdentityProviders: z.array(z.string()).default(['COGNITO']),
  PreventUserExistenceErrors: z.enum(['ENABLED', 'LEGACY']).default('LEGACY'),
  AccessTokenValidity: count.default(0),
  IdTokenValidity: count.default(0),
  RefreshTokenValidity: count.default(0),
  TokenValidityUnits: z
    .strictObject({
      AccessToken: unit.default('hours'),
      IdToken: unit.default('hours'),
      RefreshToken: unit.default('days'),
    })
    .prefault({}),
  AuthSessionValidity: z.coerce.number().int().min(3).max(15).default(3),
});

/** `AWS::Cognito::UserPoolClient`. A secret is made once and kept. */
export function clientResource(cognito: Cognito): ResourceType {
  const secretOf = (id: string): string => keptSecret(cognito, id);
  return {
    identify({ name, properties: given }) {
      const ref = clientId(name);
      const Name = typeof given.ClientName === 'string' ? given.ClientName : name;
      const secret = String(given.GenerateSecret) === 'true' ? { ClientSecret: secretOf(ref) } : {};
      return { ref, attributes: { ClientId: ref, Name, ...secret } };
    },
    apply(resource) {
      const given = readResource(properties, resource);
      const { TokenValidityUnits: units } = given;
      const seconds = (value: number, of: z.infer<typeof unit>): number => value * UNIT_SECONDS[of];
      cognito.pools.pool(given.UserPoolId);
      cognito.pools.addClient({
        id: resource.ref,
        name: resource.attributes.Name ?? resource.ref,
        poolId: given.UserPoolId,
        secret: given.GenerateSecret ? secretOf(resource.ref) : undefined,
        authFlows: given.ExplicitAuthFlows.map(flow => flow.replace(/^ALLOW_/, '').replace('NO_SRP', 'USER_PASSWORD')),
        codeFlow: given.AllowedOAuthFlowsUserPoolClient && given.AllowedOAuthFlows.includes('code'),
        scopes: given.AllowedOAuthScopes,
        callbackUrls: given.CallbackURLs,
        logoutUrls: given.LogoutURLs,
        identityProviders: given.SupportedIdentityProviders,
        writeAttributes: given.WriteAttributes,
        hidesUnknownUsers: given.PreventUserExistenceErrors === 'ENABLED',
        accessTokenSeconds: seconds(given.AccessTokenValidity, units.AccessToken) || 3600,
        idTokenSeconds: seconds(given.IdTokenValidity, units.IdToken) || 3600,
        refreshTokenSeconds: seconds(given.RefreshTokenValidity, units.RefreshToken) || 30 * 86_400,
        challengeSeconds: given.AuthSessionValidity * 60,
      });
    },
    remove({ ref }) {
      cognito.pools.drop('client', ref);
      cognito.context.database.prepare('DELETE FROM cognito_client_secrets WHERE client = ?').run(ref);
    },
    made: () => cognito.pools.keys('client'),
    immutable: ['UserPoolId', 'GenerateSecret'],
  };
}

function keptSecret({ context: { database } }: Cognito, client: string): string {
  const secret = randomBytes(36).toString('base64url');
  database.prepare('INSERT OR IGNORE INTO cognito_client_secrets VALUES (?, ?)').run(client, secret);
  const row = database.prepare('SELECT secret FROM cognito_client_secrets WHERE client = ?').get(client);
  return String(row?.secret);
}
