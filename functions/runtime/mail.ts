/** Sends e-mails by SES, each after the change that it is about is stored. */
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { oneLine } from './mail-text.ts';
import { logger } from './runtime.ts';

const client = new SESv2Client({});
/** With all of the client's own retries: the caller waits for it. */
const LONGEST_MS = 10_000;

interface Email {
  readonly subject: string;
  readonly text: string;
}

/** SES takes ASCII alone where no charset is named, and people have other names. */
const utf8 = (text: string) => ({ Data: text, Charset: 'UTF-8' });

/** Whether the e-mail was sent; one that was not is an error in the log. For what is done whether or not it arrives. */
export async function notifyByMail(from: string, to: string, { subject, text }: Email): Promise<boolean> {
  try {
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: utf8(oneLine(subject)), Body: { Text: utf8(text) } } },
      }),
      { abortSignal: AbortSignal.timeout(LONGEST_MS) },
    );
    return true;
  } catch (error) {
    // SES names the address in its message, so that only its code is kept.
    const { name, $metadata } = error as Error & { $metadata?: { requestId?: string } };
    logger.error('mail not sent', { reason: name, requestId: $metadata?.requestId });
    return false;
  }
}
