/** The body of SendEmail. A member that has no effect here, such as a template, is refused by its name. */
import { z } from 'zod';

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

export type SendEmailInput = z.infer<typeof sendEmailInput>;
export const sendEmailInput = z.strictObject({
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
});
