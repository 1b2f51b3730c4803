/**
 * Sends a letter by SES. It is sent after what it tells of is stored: a letter that fails is said to the caller, who
 * repeats the call, and whoever repeats one may get its letter twice.
 */
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { Refusal } from './refusal.ts';
import { logger } from './runtime.ts';

const client = new SESv2Client({});

export async function sendMail(from: string, to: string, { subject, text }: { subject: string; text: string }) {
  try {
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
      }),
    );
  } catch (error) {
    logger.error('mail not sent', error as Error);
    throw new Refusal(
      'busy',
      'what you asked for is stored, but the e-mail about it could not be sent; send the call again in a moment',
    );
  }
}
