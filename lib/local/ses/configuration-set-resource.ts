import { Properties } from '../properties.ts';
import type { ResourceType } from '../service.ts';
import type { Ses } from './send-email.ts';

/** Whether it may send is carried out; how mail travels and is counted has no effect where none leaves the machine. */
const KNOWN = [
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
      const sending = Properties.of(resource, KNOWN).nested('SendingOptions', ['SendingEnabled']);
      ses.configurationSets.set(resource.ref, { sends: sending?.boolean('SendingEnabled', true) ?? true });
    },
  };
}
