import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import * as buying from '../../functions/payments/contract.ts';
import * as finance from '../../functions/payments/finance-contract.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { addRoutes, addSignedRoute, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { secret, table } from './use.ts';

/** Credits for money: bought on Stripe's Checkout, reported by its webhook, or entered by finance. */
export function makePaymentsApi(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  door: Door,
  { core, ledger, idempotency, audit }: Tables,
): void {
  // Within the 29 seconds after which API Gateway stops waiting.
  const timeout = Duration.seconds(28);
  const folder = 'functions/payments';
  const keys = stripeKeys(scope, stage);
  const settings = { STRIPE_API_URL: stage.stripeApiUrl };

  const buy = functionFor(scope, `${folder}/buy-credits.lambda.ts`, stage, {
    timeout,
    settings: { ...settings, CHECKOUT_RETURN_URL: stage.checkoutReturnUrl },
    uses: {
      STRIPE_SECRET_ARN: secret(keys),
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem']),
      IDEMPOTENCY_TABLE: table(idempotency, ['GetItem', 'PutItem']),
    },
  });
  const read = functionFor(scope, `${folder}/purchases.lambda.ts`, stage, {
    timeout,
    uses: { CORE_TABLE: table(core, ['GetItem', 'Query']) },
  });
  const webhook = functionFor(scope, `${folder}/stripe-webhook.lambda.ts`, stage, {
    timeout,
    settings,
    uses: {
      STRIPE_SECRET_ARN: secret(keys),
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']),
      LEDGER_TABLE: table(ledger, ['PutItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
    },
  });
  const book = functionFor(scope, `${folder}/book-credits.lambda.ts`, stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['PutItem', 'UpdateItem', 'Query']),
      LEDGER_TABLE: table(ledger, ['PutItem']),
    },
  });

  const { listCreditPackages, listPurchases, retrievePurchase, buyCredits } = buying;
  addRoutes(api, door, buy, { buyCredits });
  addRoutes(api, door, read, { listCreditPackages, listPurchases, retrievePurchase });
  const { recordPayment, adjustCredits, grantCredits, listPaymentConcerns } = finance;
  addRoutes(api, door, book, { recordPayment, adjustCredits, grantCredits, listPaymentConcerns });
  addSignedRoute(api, webhook, '/v1/webhooks/stripe', 'Stripe signs each call, and the function takes no other.');
  new CfnOutput(Stack.of(scope), 'StripeSecretArn', { value: keys.secretArn });
}

/** Empty until an operator puts the keys: `{"secretKey": "sk_…", "webhookSecret": "whsec_…"}`. */
function stripeKeys(scope: Construct, stage: Stage): Secret {
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
