/** A platform whose payments are set up with a stand-in of Stripe. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import type { AccountStatus } from '../../functions/catalogue/account-status.ts';
import { accountKey } from '../../functions/data/item-keys.ts';
import type { purchaseObject } from '../../functions/payments/contract.ts';
import { FakeStripe, type Session } from './fake-stripe/fake-stripe.ts';
import { personOf, type SignedInPerson } from './people.ts';
import { type Customer, Platform } from './platform.ts';

export type PurchaseObject = z.output<typeof purchaseObject>;

export interface Buyer extends Customer {
  readonly person: SignedInPerson;
}

export class Shop {
  readonly platform: Platform;
  readonly stripe: FakeStripe;

  private constructor(platform: Platform, stripe: FakeStripe) {
    this.platform = platform;
    this.stripe = stripe;
  }

  /** Its secret is empty still, as after a deployment. */
  static async open(context: Readonly<Record<string, string>> = {}): Promise<Shop> {
    const stripe = new FakeStripe();
    const stripeApiUrl = await stripe.start();
    const checkoutReturnUrl = 'https://console.example.com/credits';
    return new Shop(await Platform.start({ stripeApiUrl, checkoutReturnUrl, ...context }), stripe);
  }

  async close(): Promise<void> {
    await this.platform.stop();
    await this.stripe.stop();
  }

  get webhookUrl(): string {
    return `${this.platform.cloud.apiUrl}/v1/webhooks/stripe`;
  }

  /** As the operator does it after the deployment. */
  async putKeys(): Promise<void> {
    const client = new SecretsManagerClient(this.platform.cloud.client);
    const SecretString = JSON.stringify(this.stripe.keys);
    await client.send(new PutSecretValueCommand({ SecretId: this.platform.output('StripeSecretArn'), SecretString }));
    client.destroy();
  }

  /** An account with a key and a person who acts for it. */
  async buyer(credits = 0): Promise<Buyer> {
    const person = await personOf(this.platform, 'developer');
    return { ...(await this.platform.customer({ credits, owner: person })), person };
  }

  /** Begins a purchase, and answers it with its session at Stripe. */
  async begin({ person }: Buyer, wanted = 'credits_1000'): Promise<{ purchase: PurchaseObject; session: Session }> {
    const body = { package: wanted };
    const { body: purchase } = await person.api.send<PurchaseObject>('POST', '/credits/purchases', body);
    const session = this.stripe.sessions.find(({ reference }) => reference === purchase.id);
    if (!session) throw new Error(`no session for ${JSON.stringify(purchase)}`);
    return { purchase, session };
  }

  deliver(event: object): Promise<number> {
    return this.stripe.deliver(this.webhookUrl, event);
  }

  async setStatus(accountId: string, status: AccountStatus): Promise<void> {
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(this.platform.cloud.client));
    await documents.send(
      new UpdateCommand({
        TableName: this.platform.table('Core'),
        Key: accountKey(accountId),
        UpdateExpression: 'SET #status = :status',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': status },
      }),
    );
    documents.destroy();
  }
}
