/**
 * SES. What always holds:
 * - Nothing leaves this machine: each message is a file, and is shown on a page of the endpoint, `/_mail`.
 * - A sender is an identity of the template, or an address of a domain that is one; policies decide on that identity.
 * - No text of a caller begins a header: a line break or control character in one is refused.
 */
import { AwsError, type AwsRequest, type AwsResponse, type CloudContext, type Engine, type Ports } from '../service.ts';
import { composeMessage } from './compose-message.ts';
import { configurationSetType } from './configuration-set-resource.ts';
import { identityType } from './identity-resource.ts';
import { mailPage } from './mail-page.ts';
import { Mailbox } from './mailbox.ts';
import { addressIn, type Ses, sendEmail } from './send-email.ts';

export function createSes(context: CloudContext): Engine {
  const ses: Ses = { context, mailbox: new Mailbox(context), identities: new Map(), configurationSets: new Map() };
  const sendMail: NonNullable<Ports['sendMail']> = async ({ from, to, subject, text }) => {
    addressIn(from, 'from');
    addressIn(to, 'to');
    const messageId = ses.mailbox.newId();
    const source = composeMessage({ from, to: [to], subject, text }, ses.mailbox.stamp(messageId));
    ses.mailbox.deliver({ id: messageId, from, to: [to], subject, text, source });
    return { messageId };
  };
  return {
    services: [{ signingName: 'ses', handle: async request => handle(ses, request), refuse }, mailPage(ses.mailbox)],
    provides: { sendMail },
    resources: {
      'AWS::SES::EmailIdentity': identityType(ses),
      'AWS::SES::ConfigurationSet': configurationSetType(ses),
    },
  };
}

function handle(ses: Ses, request: AwsRequest): AwsResponse {
  if (request.method !== 'POST' || request.path !== '/v2/email/outbound-emails') {
    const message = `The local cloud's SES does not know ${request.method} ${request.path}`;
    throw new AwsError('NotImplementedException', message, 501);
  }
  const MessageId = sendEmail(ses, bodyOf(request), (...call) => request.authorize(...call));
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ MessageId }) };
}

function bodyOf({ body }: AwsRequest): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError('BadRequestException', 'The body is not JSON');
  }
}

function refuse({ code, message, status }: AwsError): AwsResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ message }),
  };
}
