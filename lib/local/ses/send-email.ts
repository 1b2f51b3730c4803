/** SendEmail: from the request to the file. What is not supported is refused by name. */
import { z } from 'zod';
import { AwsError, type AwsRequest, type CloudContext } from '../service.ts';
import { type Address, identitiesFor, readAddress, splitAddresses } from './address.ts';
import { composeMessage, stampMessage } from './compose-message.ts';
import type { Mail, Mailbox } from './mailbox.ts';
import { readMessage } from './read-message.ts';
import { type SendEmailInput, sendEmailInput } from './send-email-input.ts';

export interface EmailIdentity {
  readonly name: string;
  /** The configuration set of mail that names none. */
  readonly configurationSet: string | undefined;
}

export interface Ses {
  readonly context: CloudContext;
  readonly mailbox: Mailbox;
  /** By address or domain in lower case. */
  readonly identities: Map<string, EmailIdentity>;
  readonly configurationSets: Map<string, { readonly sends: boolean }>;
}

const MOST_RECIPIENTS = 50;
const LARGEST_BYTES = 40 * 1024 * 1024;

/** Sends, and answers the message's id. Throws BadRequest, MessageRejected, NotFound, SendingPaused, AccessDenied. */
export function sendEmail(ses: Ses, body: unknown, authorize: AwsRequest['authorize']): string {
  const input = read(body);
  const id = ses.mailbox.newId();
  const mail = input.Content.Raw ? rawMail(input, ses, id) : simpleMail(input, ses, id);
  const from = addressIn(mail.from, 'FromEmailAddress');
  const recipients = mail.to.map(text => addressIn(text, 'Destination'));
  if (recipients.length === 0) throw refusal('Destination: there is no recipient');
  if (recipients.length > MOST_RECIPIENTS) throw refusal(`Destination: more than ${MOST_RECIPIENTS} recipients`);
  if (mail.source.length > LARGEST_BYTES) throw refusal(`Content: the message is larger than ${LARGEST_BYTES} bytes`);
  permit(ses, input, { from, recipients }, authorize);
  ses.mailbox.deliver(mail);
  return id;
}

type Composed = Mail & { readonly source: Buffer };

function simpleMail(input: SendEmailInput, ses: Ses, id: string): Composed {
  const message = input.Content.Simple;
  const from = input.FromEmailAddress;
  if (!message) throw refusal('Content: should have Simple or Raw');
  if (from === undefined) throw refusal('FromEmailAddress: is missing');
  const { ToAddresses: to, CcAddresses: cc, BccAddresses: bcc } = input.Destination;
  for (const text of input.ReplyToAddresses) addressIn(text, 'ReplyToAddresses');
  const subject = message.Subject.Data;
  const [text, html] = [message.Body.Text?.Data, message.Body.Html?.Data];
  const headers = message.Headers.map(({ Name, Value }) => ({ name: Name, value: Value }));
  const draft = { from, to, cc, replyTo: input.ReplyToAddresses, subject, text, html, headers };
  const source = Buffer.from(composeMessage(draft, ses.mailbox.stamp(id)));
  return { id, from, to: [...to, ...cc, ...bcc], subject, text: text ?? html ?? '', source };
}

function rawMail(input: SendEmailInput, ses: Ses, id: string): Composed {
  const raw = Buffer.from(input.Content.Raw?.Data ?? '', 'base64').toString('latin1');
  const message = readMessage(raw);
  const named = Object.values(input.Destination).flat();
  const inHeaders = ['to', 'cc', 'bcc'].flatMap(name => splitAddresses(message.rawHeader(name) ?? ''));
  return {
    id,
    from: input.FromEmailAddress ?? message.rawHeader('from') ?? '',
    to: named.length > 0 ? named : inHeaders,
    subject: message.header('subject') ?? '',
    text: message.text,
    source: Buffer.from(stampMessage(raw, ses.mailbox.stamp(id)), 'latin1'),
  };
}

/** Whether the sender is verified here, may be used by the caller, and its configuration set is there and sends. */
function permit(
  ses: Ses,
  input: SendEmailInput,
  { from, recipients }: { from: Address; recipients: readonly Address[] },
  authorize: AwsRequest['authorize'],
): void {
  const { region, accountId } = ses.context;
  const candidates = identitiesFor(from.plain);
  const identity = candidates.map(name => ses.identities.get(name)).find(found => found !== undefined);
  const set = input.ConfigurationSetName ?? identity?.configurationSet;
  const arn = (what: string): string => `arn:aws:ses:${region}:${accountId}:${what}`;
  const resources = [
    arn(`identity/${identity?.name ?? from.plain}`),
    ...(set === undefined ? [] : [arn(`configuration-set/${set}`)]),
  ];
  const action = input.Content.Raw ? 'ses:SendRawEmail' : 'ses:SendEmail';
  for (const resource of resources) {
    // A policy may limit who gets mail: each recipient is decided alone.
    for (const { plain } of recipients) {
      authorize(action, resource, {
        'ses:ApiVersion': '2',
        'ses:FromAddress': from.plain,
        'ses:FromDisplayName': from.name,
        'ses:Recipients': plain,
      });
    }
  }
  if (!identity) {
    const message = `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${from.plain}`;
    throw new AwsError('MessageRejected', message);
  }
  if (set === undefined) return;
  const configurationSet = ses.configurationSets.get(set);
  if (!configurationSet) throw new AwsError('NotFoundException', `Configuration set <${set}> does not exist.`, 404);
  if (!configurationSet.sends) {
    throw new AwsError('SendingPausedException', `Sending is disabled for the configuration set <${set}>.`);
  }
}

/** The address in a member of a request; throws BadRequestException. */
export function addressIn(text: string, member: string): Address {
  const found = readAddress(text);
  if (typeof found === 'string') throw refusal(`${member}: ${JSON.stringify(text)} ${found}`);
  return found;
}

function read(body: unknown): SendEmailInput {
  const result = sendEmailInput.safeParse(body);
  if (result.success) return result.data;
  throw refusal(z.prettifyError(result.error));
}

function refusal(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
