import { Properties } from '../properties.ts';
import type { ResourceType } from '../service.ts';
import { dkimTokens, forgetIdentity, IDENTITY } from './identities.ts';
import type { Ses } from './send-email.ts';

/** Carried out, or of no effect where no mail leaves the machine; any other property is refused by its name. */
const OF_IDENTITY = [
  'EmailIdentity',
  'ConfigurationSetAttributes',
  'DkimAttributes',
  'FeedbackAttributes',
  'MailFromAttributes',
  'Tags',
];

/** `AWS::SES::EmailIdentity`: an address or a domain, verified from the start. */
export function identityType(ses: Ses): ResourceType {
  return {
    identify({ logicalId, properties }) {
      const identity = properties.EmailIdentity;
      if (typeof identity !== 'string' || !IDENTITY.test(identity)) {
        const given = JSON.stringify(identity);
        throw new Error(`${logicalId}.EmailIdentity: should be a literal address or domain, not ${given}`);
      }
      return { ref: identity, attributes: identity.includes('@') ? {} : dkimRecords(identity) };
    },
    apply(resource) {
      const properties = Properties.of(resource, OF_IDENTITY);
      const configurationSet = properties
        .nested('ConfigurationSetAttributes', ['ConfigurationSetName'])
        ?.optionalString('ConfigurationSetName');
      properties.nested('DkimAttributes', ['SigningEnabled']);
      properties.nested('FeedbackAttributes', ['EmailForwardingEnabled']);
      properties.nested('MailFromAttributes', ['MailFromDomain', 'BehaviorOnMxFailure']);
      ses.identities.set(resource.ref.toLowerCase(), { name: resource.ref, configurationSet });
    },
    remove: ({ ref }) => forgetIdentity(ses, ref),
    made: () => [...ses.identities.keys()],
    keyOf: ({ ref }) => ref.toLowerCase(),
  };
}

/** The three records of Easy DKIM. */
function dkimRecords(domain: string): Record<string, string> {
  const records = dkimTokens(domain).map((token, index) => [
    [`DkimDNSTokenName${index + 1}`, `${token}._domainkey.${domain}`],
    [`DkimDNSTokenValue${index + 1}`, `${token}.dkim.amazonses.com`],
  ]);
  return Object.fromEntries(records.flat());
}

/** Whether it may send is carried out; how mail travels and is counted has no effect where none leaves the machine. */
const OF_CONFIGURATION_SET = [
  'Name',
  'SendingOptions',
  'DeliveryOptions',
  'ReputationOptions',
  'SuppressionOptions',
  'TrackingOptions',
  'VdmOptions',
  'Tags',
];

/** `AWS::SES::ConfigurationSet`. */
export function configurationSetType(ses: Ses): ResourceType {
  return {
    identify({ logicalId, name, properties }) {
      const ref = properties.Name ?? name.replace(/[^\w-]/g, '-').slice(-64);
      if (typeof ref === 'string' && /^[\w-]{1,64}$/.test(ref)) return { ref, attributes: {} };
      throw new Error(
        `${logicalId}.Name: should be a literal of 1 to 64 letters, digits, '_' and '-', not ${JSON.stringify(ref)}`,
      );
    },
    apply(resource) {
      const sending = Properties.of(resource, OF_CONFIGURATION_SET).nested('SendingOptions', ['SendingEnabled']);
      ses.configurationSets.set(resource.ref, { sends: sending?.boolean('SendingEnabled', true) ?? true });
    },
    remove: ({ ref }) => void ses.configurationSets.delete(ref),
    made: () => [...ses.configurationSets.keys()],
  };
}
