import { Stack } from 'aws-cdk-lib';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { Use } from './use.ts';

/** The domain that letters come from; whoever owns it confirms it to SES by the DKIM records of the stack. */
export function makeMailIdentity(scope: Construct, stage: Stage): EmailIdentity {
  return new EmailIdentity(scope, 'MailIdentity', { identity: Identity.domain(domainOf(stage)) });
}

/** The sender's address, for one who sends letters. */
export function sender(scope: Construct, stage: Stage): Use {
  const { partition, region, account } = Stack.of(scope);
  const identity = `arn:${partition}:ses:${region}:${account}:identity/${domainOf(stage)}`;
  return { value: stage.mailFrom, grants: [{ actions: ['ses:SendEmail'], resources: [identity] }] };
}

function domainOf({ mailFrom }: Stage): string {
  return mailFrom.slice(mailFrom.lastIndexOf('@') + 1);
}
