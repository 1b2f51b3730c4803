/** What Stripe needs of the platform: a secret for its keys, and the function that its webhook reports to. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { STRIPE_WEBHOOK_PATH } from '../../functions/payments/contract.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { API_TIMEOUT, addSignedRoute } from './routes.ts';
import type { Tables } from './tables.ts';
import { secret, table } from './use.ts';

/** Empty until an operator puts the keys: `{"secretKey": "sk_…", "webhookSecret": "whsec_…"}`. */
export function makeStripeKeys(scope: Construct, stage: Stage): Secret {
  const keys = new Secret(scope, 'StripeKeys', {
    description: 'Keys of Stripe: secretKey and webhookSecret. Payments by card begin when both are here.',
    removalPolicy: stage.removal,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ secretKey: '', webhookSecret: '' }),
      // CloudFormation fills in one member; nothing reads it.
      generateStringKey: 'unused',
    },
  });
  acknowledge(keys, {
    'AwsSolutions-SMG4': 'Stripe makes its keys, and rolls them on its own pages: AWS has no rotation for them.',
  });
  return keys;
}

/** The webhook's function: what Stripe reports of a purchase becomes ledger entries. */
export function makeStripeWebhook(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  { keys, tables: { core, ledger, audit } }: { readonly keys: Secret; readonly tables: Tables },
): void {
  const webhook = functionFor(scope, 'functions/payments/stripe-webhook.lambda.ts', stage, {
    timeout: API_TIMEOUT,
    settings: { STRIPE_API_URL: stage.stripeApiUrl },
    uses: {
      STRIPE_SECRET_ARN: secret(keys),
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']),
      LEDGER_TABLE: table(ledger, ['PutItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
    },
  });
  addSignedRoute(api, webhook, STRIPE_WEBHOOK_PATH, 'Stripe signs each call, and the function takes no other.');
  new CfnOutput(Stack.of(scope), 'StripeSecretArn', { value: keys.secretArn });
}
