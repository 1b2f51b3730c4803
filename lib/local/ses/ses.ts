/**
 * SES. What always holds:
 * - Nothing leaves this machine: each message is a file, and is shown on a page of the endpoint, `/_mail`.
 * - A sender is an identity of the template or of the API, or an address of a domain that is one; policies decide on that identity.
 * - No text of a caller begins a header: a line break or control character in one is refused.
 */
import { restService } from '../protocols/rest-json.ts';
import type { CloudContext, Engine, Ports } from '../service.ts';
import { IDENTITY_OPERATIONS, loadIdentities } from './identities.ts';
import { Mailbox, mailPage } from './mailbox.ts';
import { composeMessage } from './message.ts';
import { addressIn, OPERATIONS, type Ses } from './send-email.ts';
import { configurationSetType, identityType } from './ses-resources.ts';

export function createSes(context: CloudContext): Engine {
  const ses: Ses = { context, mailbox: new Mailbox(context), identities: new Map(), configurationSets: new Map() };
  loadIdentities(ses);
  const sendMail: NonNullable<Ports['sendMail']> = async ({ from, to, subject, text }) => {
    addressIn(from, 'from');
    addressIn(to, 'to');
    const messageId = ses.mailbox.newId();
    const source = composeMessage({ from, to: [to], subject, text }, ses.mailbox.stamp(messageId));
    ses.mailbox.deliver({ id: messageId, from, to: [to], subject, text, source });
    return { messageId };
  };
  const service = restService({
    signingName: 'ses',
    operations: { ...OPERATIONS, ...IDENTITY_OPERATIONS },
    state: ses,
    invalidInput: 'BadRequestException',
  });
  return {
    services: [service, mailPage(ses.mailbox)],
    provides: { sendMail },
    resources: {
      'AWS::SES::EmailIdentity': identityType(ses),
      'AWS::SES::ConfigurationSet': configurationSetType(ses),
    },
  };
}
