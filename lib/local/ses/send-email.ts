/** SendEmail: from the request to the file. A member that has no effect here, such as a template, is refused by its name. */
import { z } from 'zod';
import { operationsOn } from '../protocols/operation.ts';
import { route } from '../protocols/rest-json.ts';
import { AwsError, type AwsRequest, type CloudContext } from '../service.ts';
import type { Mail, Mailbox } from './mailbox.ts';
import { composeMessage, readMessage, stampMessage } from './message.ts';

interface EmailIdentity {
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what would end a header and begin another.
const CONTROL = /[\u0000-\u001f\u007f]/;
/** What the service writes itself. */
const RESERVED = /^(from|to|cc|bcc|reply-to|subject|date|message-id|mime-version|return-path|content-.*)$/i;

const addresses = z.array(z.string()).default([]);
/** Text goes out as UTF-8; SES takes ASCII alone where no charset is named. */
const content = z
  .strictObject({
    Data: z.string(),
    Charset: z
      .string()
      .regex(/^(utf-8|us-ascii|ascii)$/i, 'is UTF-8 here')
      .optional(),
  })
  .refine(({ Data, Charset }) => /^utf-8$/i.test(Charset ?? '') || Buffer.byteLength(Data) === Data.length, {
    error: 'has characters outside ASCII: give Charset UTF-8',
  });
const line = z.string().refine(text => !CONTROL.test(text), 'has a line break or another control character');
const header = z.strictObject({
  Name: z
    .string()
    .regex(/^[!-9;-~]{1,126}$/, 'is no name of a header')
    .refine(name => !RESERVED.test(name), 'is a header that SES writes itself'),
  Value: line.refine(text => text.length <= 870, 'is longer than 870 characters'),
});

const SEND_EMAIL = {
  FromEmailAddress: z.string().optional(),
  Destination: z.strictObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }).prefault({}),
  ReplyToAddresses: addresses,
  ConfigurationSetName: z.string().optional(),
  Content: z.strictObject({
    Simple: z
      .strictObject({
        Subject: content.refine(({ Data }) => !CONTROL.test(Data), {
          error: 'has a line break or another control character',
        }),
        Body: z
          .strictObject({ Text: content.optional(), Html: content.optional() })
          .refine(({ Text, Html }) => Text || Html, 'has neither Text nor Html'),
        Headers: z.array(header).max(15).default([]),
      })
      .optional(),
    Raw: z.strictObject({ Data: z.base64().min(1) }).optional(),
  }),
  // They name a mail's kind in SES's own statistics, of which there are none here.
  EmailTags: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).optional(),
};
type SendEmailInput = z.output<z.ZodObject<typeof SEND_EMAIL>>;

const operation = operationsOn<Ses>();

/** Throws BadRequest, MessageRejected, NotFound, SendingPaused and AccessDenied. */
export const OPERATIONS = {
  SendEmail: route(
    'POST /v2/email/outbound-emails',
    operation(SEND_EMAIL, 'itself', (input, { state: ses, authorize }) => {
      const id = ses.mailbox.newId();
      const mail = input.Content.Raw ? rawMail(input, ses, id) : simpleMail(input, ses, id);
      const from = addressIn(mail.from, 'FromEmailAddress');
      const recipients = mail.to.map(text => addressIn(text, 'Destination'));
      if (recipients.length === 0) throw refusal('Destination: there is no recipient');
      if (recipients.length > MOST_RECIPIENTS) throw refusal(`Destination: more than ${MOST_RECIPIENTS} recipients`);
      if (mail.source.length > LARGEST_BYTES)
        throw refusal(`Content: the message is larger than ${LARGEST_BYTES} bytes`);
      permit(ses, input, { from, recipients }, authorize);
      ses.mailbox.deliver(mail);
      return { MessageId: id };
    }),
  ),
};

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

function refusal(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}

// Addresses as SES takes them: `a@example.com` or `Name <a@example.com>`. Pure.

interface Address {
  /** As given. */
  readonly text: string;
  /** Without the name. */
  readonly plain: string;
  readonly name: string;
}

const PLAIN = /^[^\s<>()[\]\\,;:"@]{1,64}@[A-Za-z0-9.-]{1,255}$/;
const NAMED = /^(?:("(?:[^"\\]|\\.)*"|[^<>",;:@]*)\s*)<([^<>]+)>$/;

/** The address, or why SES would not take it. */
function readAddress(text: string): Address | string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what would end a header and begin another.
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'has a line break or another control character';
  if (/[^ -~]/.test(text)) {
    return 'has characters outside ASCII: write a name with such characters as an encoded-word (RFC 2047)';
  }
  const [, quoted = '', inBrackets] = NAMED.exec(text.trim()) ?? [];
  const plain = inBrackets ?? text.trim();
  if (!PLAIN.test(plain)) return 'is not an email address';
  return { text: text.trim(), plain, name: quoted.trim().replace(/^"(.*)"$/, '$1') };
}

/** The addresses of a header such as To: commas within quotes do not divide. */
function splitAddresses(header: string): readonly string[] {
  return (header.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g) ?? []).map(text => text.trim()).filter(text => text !== '');
}

/** What may be an identity for the address, the closest first: itself, its domain, and the domains above that one. */
function identitiesFor(plain: string): readonly string[] {
  const address = plain.toLowerCase();
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  return [address, ...labels.map((_, index) => labels.slice(index).join('.'))];
}
