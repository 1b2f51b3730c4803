import { CfnOutput, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import type { Use } from './use.ts';

/**
 * The domain that letters come from, made known to SES. By a function of ours and not by CloudFormation's own resource, of
 * which a domain can have one: a domain that is known already, such as by another stage, stays as it is, and none is taken
 * away with a stage while others send from it. Whoever owns the domain confirms it by the records among the outputs.
 */
export function makeMailDomain(scope: Construct, stage: Stage): void {
  const domain = domainOf(stage);
  const actions = ['ses:CreateEmailIdentity', 'ses:GetEmailIdentity'];
  const ensuring = functionFor(scope, 'functions/deployment/mail-domain.lambda.ts', stage, {
    timeout: Duration.minutes(1),
    uses: { MAIL_DOMAIN: { value: domain, grants: [{ actions, resources: [identityOf(scope, stage)] }] } },
  });
  const known = new CustomResource(scope, 'KnownMailDomain', {
    serviceToken: ensuring.functionArn,
    resourceType: 'Custom::MailDomain',
    serviceTimeout: Duration.minutes(5),
    // What CloudFormation sees change, and asks again.
    properties: { Domain: domain },
  });
  new CfnOutput(Stack.of(scope), 'MailDkimRecords', {
    description: `DNS records that confirm ${domain} to SES`,
    value: known.getAttString('DkimRecords'),
  });
}

/** The sender's address, for one who sends letters. */
export function sender(scope: Construct, stage: Stage): Use {
  return { value: stage.mailFrom, grants: [{ actions: ['ses:SendEmail'], resources: [identityOf(scope, stage)] }] };
}

function identityOf(scope: Construct, stage: Stage): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:ses:${region}:${account}:identity/${domainOf(stage)}`;
}

function domainOf({ mailFrom }: Stage): string {
  return mailFrom.slice(mailFrom.lastIndexOf('@') + 1).toLowerCase();
}
