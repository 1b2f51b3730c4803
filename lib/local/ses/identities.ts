/** Domains and addresses that mail is sent from. Here each is verified from the start, and nobody looks for its DNS records. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { operationsOn } from '../protocols/operation.ts';
import { route } from '../protocols/rest-json.ts';
import { AwsError } from '../service.ts';
import type { Ses } from './send-email.ts';

/** An address or a domain. */
export const IDENTITY = /^([^\s@]+@)?[A-Za-z0-9.-]+$/;

/** The tokens of Easy DKIM, the same at every start. */
export function dkimTokens(domain: string): readonly string[] {
  return [1, 2, 3].map(number => {
    const digest = createHash('sha256').update(`${domain}/${number}`).digest('hex');
    return BigInt(`0x${digest}`).toString(36).slice(-32);
  });
}

/** Those that were made by the API, since the template makes its own at every start. */
export function loadIdentities({ context, identities }: Ses): void {
  context.database.exec(
    'CREATE TABLE IF NOT EXISTS ses_identities (name TEXT PRIMARY KEY, configuration_set TEXT) STRICT',
  );
  for (const { name, configuration_set: set } of context.database.prepare('SELECT * FROM ses_identities').all()) {
    const configurationSet = set === null ? undefined : String(set);
    identities.set(String(name).toLowerCase(), { name: String(name), configurationSet });
  }
}

export function forgetIdentity({ context, identities }: Ses, name: string): void {
  context.database.prepare('DELETE FROM ses_identities WHERE lower(name) = ?').run(name.toLowerCase());
  identities.delete(name.toLowerCase());
}

const operation = operationsOn<Ses>();
const EmailIdentity = z.string().regex(IDENTITY, 'should be an address or a domain');
const arnOf = (ses: Ses, name: string): string =>
  `arn:aws:ses:${ses.context.region}:${ses.context.accountId}:identity/${name}`;

/** Throws AlreadyExistsException, BadRequestException and NotFoundException. */
export const IDENTITY_OPERATIONS = {
  CreateEmailIdentity: route(
    'POST /v2/email/identities',
    operation(
      { EmailIdentity, ConfigurationSetName: z.string().optional() },
      ({ EmailIdentity: name }, { state }) => arnOf(state, name),
      ({ EmailIdentity: name, ConfigurationSetName: set }, { state: ses }) => {
        if (ses.identities.has(name.toLowerCase()))
          throw new AwsError('AlreadyExistsException', `Email identity ${name} already exist.`);
        if (set !== undefined && !ses.configurationSets.has(set))
          throw new AwsError('NotFoundException', `Configuration set <${set}> does not exist.`, 404);
        ses.context.database.prepare('INSERT INTO ses_identities VALUES (?, ?)').run(name, set ?? null);
        ses.identities.set(name.toLowerCase(), { name, configurationSet: set });
        return { IdentityType: kindOf(name), VerifiedForSendingStatus: true, DkimAttributes: dkimOf(name) };
      },
    ),
  ),
  GetEmailIdentity: route(
    'GET /v2/email/identities/{EmailIdentity}',
    operation(
      { EmailIdentity },
      ({ EmailIdentity: name }, { state }) => arnOf(state, name),
      ({ EmailIdentity: name }, { state: ses }) => {
        const found = ses.identities.get(name.toLowerCase());
        if (!found) throw new AwsError('NotFoundException', `Email identity ${name} does not exist.`, 404);
        return {
          IdentityType: kindOf(name),
          VerifiedForSendingStatus: true,
          VerificationStatus: 'SUCCESS',
          FeedbackForwardingStatus: true,
          ...(found.configurationSet !== undefined && { ConfigurationSetName: found.configurationSet }),
          DkimAttributes: dkimOf(name),
          Policies: {},
          Tags: [],
        };
      },
    ),
  ),
};

const kindOf = (name: string): string => (name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN');

function dkimOf(name: string): Record<string, unknown> {
  if (name.includes('@')) return { SigningEnabled: false, Status: 'NOT_STARTED' };
  return { SigningEnabled: true, Status: 'SUCCESS', Tokens: dkimTokens(name), SigningAttributesOrigin: 'AWS_SES' };
}
