import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEmailIdentityCommand,
  GetAccountCommand,
  GetEmailIdentityCommand,
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
  type SendEmailCommandOutput,
} from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { createSes } from '../../lib/local/ses/ses.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

const ARN = 'arn:aws:ses:us-east-1:000000000000:';
const FROM = 'Example <hello@example.com>';
let cloud: EngineCloud;
let ses: SESv2Client;

async function connect(): Promise<void> {
  ses = new SESv2Client({ ...cloud.client, maxAttempts: 1 });
  await cloud.make('AWS::SES::ConfigurationSet', 'Main', { Name: 'main' });
  await cloud.make('AWS::SES::ConfigurationSet', 'Paused', {
    Name: 'paused',
    SendingOptions: { SendingEnabled: false },
  });
  await cloud.make('AWS::SES::EmailIdentity', 'Domain', { EmailIdentity: 'example.com' });
  await cloud.make('AWS::SES::EmailIdentity', 'Address', {
    EmailIdentity: 'one@example.net',
    ConfigurationSetAttributes: { ConfigurationSetName: 'main' },
  });
}
beforeAll(async () => {
  cloud = await startEngines([createSes, createS3]);
  await connect();
});
afterAll(() => cloud.stop());

const simple = (subject: string, text: string, more: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
  FromEmailAddress: FROM,
  Destination: { ToAddresses: ['to@example.org'] },
  Content: {
    Simple: {
      Subject: { Data: subject, Charset: 'UTF-8' },
      Body: { Text: { Data: text, Charset: 'UTF-8' } },
    },
  },
  ...more,
});
const raw = (source: string, more: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
  Content: { Raw: { Data: Buffer.from(source) } },
  ...more,
});
const send = (input: SendEmailCommandInput, client = ses): Promise<SendEmailCommandOutput> =>
  client.send(new SendEmailCommand(input));

interface Listed {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}
const open = (path: string) => fetch(cloud.client.endpoint + path);
const listed = async (): Promise<Listed[]> => (await (await open('/_mail.json')).json()) as Listed[];
const folder = () => join(cloud.context.dataDir, 'mail');
/** The file of a message, as text of one character a byte. */
function fileOf(id: string | undefined): string {
  const [name = ''] = readdirSync(folder()).filter(file => file.endsWith(`-${id}.eml`));
  expect(name).toMatch(/^\d{8}T\d{6}\.\d{3}Z-/);
  return readFileSync(join(folder(), name), 'latin1');
}
const headOf = (source: string): string[] => source.slice(0, source.indexOf('\r\n\r\n')).split(/\r\n(?![ \t])/);

describe('a message', () => {
  test('is a file with its headers, and the newest of the list', async () => {
    await send(simple('First', 'one'));
    const { MessageId } = await send(
      simple('Second', 'Hello,\nyour code is 123456', {
        Destination: {
          ToAddresses: ['To <to@example.org>', 'too@example.org'],
          CcAddresses: ['cc@example.org'],
          BccAddresses: ['bcc@example.org'],
        },
        ReplyToAddresses: ['reply@example.com'],
      }),
    );
    const source = fileOf(MessageId);
    expect(headOf(source)).toEqual([
      `Message-ID: <${MessageId}@email.amazonses.com>`,
      expect.stringMatching(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/),
      `From: ${FROM}`,
      'To: To <to@example.org>,\r\n too@example.org',
      'Cc: cc@example.org',
      'Reply-To: reply@example.com',
      'Subject: Second',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: quoted-printable',
    ]);
    expect(source.endsWith('\r\n\r\nHello,\r\nyour code is 123456\r\n')).toBe(true);
    const [newest, before] = await listed();
    expect(newest).toMatchObject({
      id: MessageId,
      from: FROM,
      to: ['To <to@example.org>', 'too@example.org', 'cc@example.org', 'bcc@example.org'],
      subject: 'Second',
      text: 'Hello,\nyour code is 123456',
    });
    expect(before?.subject).toBe('First');
  });

  test('of text and HTML shows both, and any character in lines of 76', async () => {
    const text = `Grüße, 東京 — a=b \n${'long '.repeat(40)}\n${'ü'.repeat(60)}\n.`;
    const Subject = { Data: `Ihr Code für 東京: ${'ß🎬'.repeat(20)}`, Charset: 'UTF-8' };
    const Body = { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: `<p>${text}</p>`, Charset: 'UTF-8' } };
    const { MessageId } = await send({ ...simple('', ''), Content: { Simple: { Subject, Body } } });
    const source = fileOf(MessageId);
    expect(source).toMatch(/Content-Type: multipart\/alternative;\r\n boundary="([^"]+)"\r\n\r\n--\1\r\n/);
    expect(source).toMatch(/^[\r\n -~]*$/);
    const [, ...lines] = source.split('\r\n');
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(78);
    const words = headOf(source).find(line => line.startsWith('Subject: ')) ?? '';
    const decoded = words
      .slice('Subject: '.length)
      .split('\r\n ')
      .map(word => Buffer.from(/^=\?UTF-8\?B\?(.+)\?=$/.exec(word)?.[1] ?? '', 'base64').toString());
    expect(decoded.join('')).toBe(Subject.Data);
    // The same file sent raw is read back to the same text.
    await send(raw(source));
    expect((await listed())[0]).toMatchObject({ subject: Subject.Data, text, to: ['to@example.org'] });
  });

  test('with headers of its own has them, but none that the service writes', async () => {
    const { MessageId } = await send(withHeader('List-Unsubscribe', '<https://example.com/off>'));
    expect(headOf(fileOf(MessageId))).toContain('List-Unsubscribe: <https://example.com/off>');
    for (const [name, value] of [
      ['Bcc', 'x@example.org'],
      ['X-A', 'b\r\nBcc: x@example.org'],
      ['X A', 'b'],
    ] as const) {
      await expect(send(withHeader(name, value))).rejects.toMatchObject({ name: 'BadRequestException' });
    }
  });

  test('in raw form keeps its parts, loses its Bcc, and gets an id and a date', async () => {
    const source = [
      'From: hello@example.com',
      'To: "A, B" <a@example.org>, b@example.org',
      'Bcc: secret@example.org,',
      ' more@example.org',
      'Message-ID: <mine@example.com>',
      'Subject: =?utf-8?Q?caf=C3=A9?= =?utf-8?Q?_au_lait?=',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      'preamble',
      '--outer',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'caf=E9 and a soft =',
      'break',
      '--outer',
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename=a.txt',
      '',
      'attached',
      '--outer--',
      '',
    ].join('\r\n');
    const { MessageId } = await send(raw(source));
    const kept = fileOf(MessageId);
    expect(kept).not.toMatch(/secret|more@|mine@/);
    expect(headOf(kept)[0]).toBe(`Message-ID: <${MessageId}@email.amazonses.com>`);
    expect(kept.slice(kept.indexOf('Content-Type: multipart'))).toBe(source.slice(source.indexOf('Content-Type: mul')));
    expect((await listed())[0]).toMatchObject({
      from: 'hello@example.com',
      to: ['"A, B" <a@example.org>', 'b@example.org', 'secret@example.org', 'more@example.org'],
      subject: 'café au lait',
      text: 'café and a soft break',
    });
  });

  test('outlives a start', async () => {
    const { MessageId } = await send(simple('Kept', 'text'));
    cloud = await cloud.restart();
    await connect();
    expect((await listed())[0]).toMatchObject({ id: MessageId, subject: 'Kept', text: 'text' });
  });
});

const withHeader = (Name: string, Value: string): SendEmailCommandInput => {
  const input = simple('Headed', 'text');
  return { ...input, Content: { Simple: { ...input.Content?.Simple, Headers: [{ Name, Value }] } as never } };
};

describe('a send', () => {
  test('is refused where the sender is no identity nor of a domain that is one', async () => {
    const from = (FromEmailAddress: string) => send(simple('s', 't', { FromEmailAddress }));
    for (const sender of ['x@example.net', 'x@notexample.com', 'x@com', 'Named <one@other.example>']) {
      await expect(from(sender)).rejects.toMatchObject({ name: 'MessageRejected', message: /not verified/ });
    }
    for (const sender of ['x@example.com', 'x@mail.Example.com', 'ONE@example.net']) {
      expect((await from(sender)).MessageId).toBeDefined();
    }
  });

  test.each<[string, Partial<SendEmailCommandInput>, RegExp]>([
    ['a sender that breaks the line', { FromEmailAddress: 'a\r\nBcc: b@x.y <a@example.com>' }, /line break/],
    ['a recipient that breaks the line', { Destination: { ToAddresses: ['a@b.c\nX: y'] } }, /line break/],
    ['a name outside ASCII', { FromEmailAddress: 'Grüße <a@example.com>' }, /encoded-word/],
    ['two addresses in one', { Destination: { ToAddresses: ['a@b.c, d@e.f'] } }, /is not an email address/],
    ['no recipient', { Destination: {} }, /no recipient/],
    ['too many', { Destination: { BccAddresses: Array(51).fill('a@b.c') } }, /more than 50/],
    ['a broken Reply-To', { ReplyToAddresses: ['nobody'] }, /ReplyToAddresses/],
    ['a subject that breaks the line', simple('a\r\nBcc: x@example.org', 't'), /Subject/],
    ['a template', { Content: { Template: { TemplateName: 'x' } } }, /Template/],
    ['no body', { Content: { Simple: { Subject: { Data: 's' }, Body: {} } } }, /neither Text nor Html/],
    ['text that needs a charset', { Content: { Simple: { Subject: { Data: 'ü' }, Body: {} } } }, /Charset UTF-8/],
    ['a list that it does not manage', { ListManagementOptions: { ContactListName: 'x' } }, /ListManagementOptions/],
  ])('is refused with %s', async (_, more, message) => {
    const before = readdirSync(folder()).length;
    const sent = send({ ...simple('s', 't'), ...more });
    await expect(sent).rejects.toMatchObject({ name: 'BadRequestException', message });
    expect(readdirSync(folder())).toHaveLength(before);
  });

  test('with a configuration set needs one that is there and sends', async () => {
    const through = (ConfigurationSetName: string) => send(simple('s', 't', { ConfigurationSetName }));
    expect((await through('main')).MessageId).toBeDefined();
    await expect(through('nothing')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(through('paused')).rejects.toMatchObject({ name: 'SendingPausedException' });
  });

  test('is decided by the policies on the identity, and on the configuration set that it goes through', async () => {
    const role = 'arn:aws:iam::000000000000:role/sender';
    const sender = new SESv2Client({ ...cloud.clientAs(role), maxAttempts: 1 });
    const allow = (resource: string, more = {}) =>
      cloud.context.iam.setResourcePolicy(ARN + resource, 'test', [
        { Effect: 'Allow', Principal: { AWS: role }, Action: 'ses:SendEmail', ...more },
      ]);
    const denied = expect.objectContaining({ name: 'AccessDeniedException' });
    await expect(send(simple('s', 't'), sender)).rejects.toEqual(denied);
    allow('identity/example.com');
    expect((await send(simple('s', 't'), sender)).MessageId).toBeDefined();
    await expect(send(simple('s', 't', { ConfigurationSetName: 'main' }), sender)).rejects.toEqual(denied);
    await expect(send(raw('From: a@example.com\nTo: b@c.d\n\nx'), sender)).rejects.toEqual(denied);
    allow('identity/one@example.net');
    const byDefault = simple('s', 't', { FromEmailAddress: 'one@example.net' });
    await expect(send(byDefault, sender)).rejects.toThrow(/configuration-set\/main/);
    allow('configuration-set/main');
    expect((await send(byDefault, sender)).MessageId).toBeDefined();
    allow('identity/example.com', { Condition: { StringLike: { 'ses:Recipients': '*@example.org' } } });
    expect((await send(simple('s', 't'), sender)).MessageId).toBeDefined();
    const ToAddresses = ['to@example.org', 'to@elsewhere.example'];
    await expect(send(simple('s', 't', { Destination: { ToAddresses } }), sender)).rejects.toEqual(denied);
  });

  test('of another operation is refused by name', async () => {
    await expect(ses.send(new GetAccountCommand({}))).rejects.toThrow('does not know GET /v2/email/account');
  });
});

test('a service of the cloud sends by the port, without an identity', async () => {
  const mail = { from: 'no-reply@verificationemail.com', to: 'new@example.org', subject: 'Code', text: '123456' };
  const sent = await cloud.context.ports.sendMail?.(mail);
  expect((await listed())[0]).toMatchObject({ ...mail, id: sent?.messageId, to: ['new@example.org'] });
  const broken = { ...mail, to: 'a@b.c\r\nBcc: d@e.f' };
  await expect(cloud.context.ports.sendMail?.(broken)).rejects.toThrow(/line break/);
});

describe('the page of mail', () => {
  test('shows what was sent as text, never as markup', async () => {
    const { MessageId } = await send(
      simple('<b>bold</b>', 'Open https://example.com/a?b=1&c=2 <script>alert(1)</script>', {
        FromEmailAddress: '"<i>" <x@example.com>',
      }),
    );
    const list = await open('/_mail');
    expect(list.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(list.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await list.text();
    expect(html).toContain(`<a href="/_mail/${MessageId}">&lt;b&gt;bold&lt;/b&gt;</a>`);
    expect(html).not.toMatch(/<b>|<i>/);
    const letter = await (await open(`/_mail/${MessageId}`)).text();
    expect(letter).toContain('<a href="https://example.com/a?b=1&amp;c=2" rel="noreferrer">');
    expect(letter).toContain('&lt;script&gt;');
    expect(letter).not.toContain('<script>');
    expect((await open('/_mail/nothing')).status).toBe(404);
  });

  test('hides no bucket, and answers no other name than that of loopback', async () => {
    for (const path of ['/_mailbox', '/_mail2/x', '/']) {
      expect(await (await open(path)).text()).toContain('<Error>');
    }
    expect((await new S3Client(cloud.client).send(new ListBucketsCommand({}))).Buckets).toEqual([]);
    const status = await new Promise(resolve => {
      const { port } = new URL(cloud.client.endpoint);
      const headers = { host: `attacker.example:${port}` };
      request({ host: '127.0.0.1', port, path: '/_mail.json', headers }, ({ statusCode }) => resolve(statusCode)).end();
    });
    expect(status).toBe(403);
  });
});

describe('a resource', () => {
  test('has the identity that the CDK reads', async () => {
    const domain = await cloud.make('AWS::SES::EmailIdentity', 'Records', {
      EmailIdentity: 'mail.example.com',
      MailFromAttributes: { MailFromDomain: 'bounce.example.com' },
      FeedbackAttributes: { EmailForwardingEnabled: false },
    });
    expect(domain.ref).toBe('mail.example.com');
    const { DkimDNSTokenName3: name = '', DkimDNSTokenValue3: value } = domain.attributes;
    expect(name).toMatch(/^[a-z0-9]{32}\._domainkey\.mail\.example\.com$/);
    expect(value).toBe(`${name.slice(0, 32)}.dkim.amazonses.com`);
    expect((await cloud.make('AWS::SES::ConfigurationSet', 'Unnamed', {})).ref).toBe('Test-Unnamed');
  });

  test.each([
    ['AWS::SES::EmailIdentity', { EmailIdentity: { Ref: 'X' } }, 'EmailIdentity: should be a literal'],
    ['AWS::SES::EmailIdentity', { EmailIdentity: 'a.example', DkimSigningAttributes: {} }, 'DkimSigningAttributes'],
    ['AWS::SES::ConfigurationSet', { Name: 'a b' }, 'Name: should be a literal'],
    ['AWS::SES::ConfigurationSet', { ArchivingOptions: {} }, 'does not know ArchivingOptions'],
  ])('of type %s is refused by name: %j', async (type, properties, message) => {
    await expect(cloud.make(type, 'Refused', properties)).rejects.toThrow(message);
  });
});

describe('an identity', () => {
  const create = (EmailIdentity: string) => ses.send(new CreateEmailIdentityCommand({ EmailIdentity }));
  const read = (EmailIdentity: string, client = ses) => client.send(new GetEmailIdentityCommand({ EmailIdentity }));

  test('that is made by the API sends mail, has the tokens of its DNS records, and stays', async () => {
    const { DkimAttributes } = await create('made.example');
    expect(DkimAttributes?.Tokens).toEqual([0, 1, 2].map(() => expect.stringMatching(/^[a-z0-9]{32}$/)));
    await send(simple('Made', 'x', { FromEmailAddress: 'hello@made.example' }));
    cloud = await cloud.restart();
    await connect();
    const known = await read('made.example');
    expect(known).toMatchObject({ IdentityType: 'DOMAIN', VerifiedForSendingStatus: true });
    expect(known.DkimAttributes).toMatchObject({ Tokens: DkimAttributes?.Tokens, SigningAttributesOrigin: 'AWS_SES' });
  });

  test('that there is already is refused, of the API and of the template, whatever the case of its letters', async () => {
    for (const name of ['example.com', 'Example.COM', 'one@example.net'])
      await expect(create(name)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });

  test('that there is not is not found, and what is no identity is refused', async () => {
    await expect(read('other.example')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(create('not an address')).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('is made and read by those who may', async () => {
    const stranger = new SESv2Client({ ...cloud.clientAs('arn:aws:iam::000000000000:role/stranger'), maxAttempts: 1 });
    await expect(read('example.com', stranger)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(
      stranger.send(new CreateEmailIdentityCommand({ EmailIdentity: 'theirs.example' })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    stranger.destroy();
  });
});
