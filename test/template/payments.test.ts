import { describe, expect, test } from 'vitest';
import { LEDGER_KINDS } from '../../functions/catalogue/ledger-kinds.ts';
import * as ledger from '../../functions/credits/ledger.ts';
import { resources } from './synthesised.ts';

const [secret] = resources('AWS::SecretsManager::Secret').filter(({ properties }) =>
  String(properties.Description).startsWith('Keys of Stripe'),
);
const functions = resources('AWS::Lambda::Function');

describe("Stripe's keys", () => {
  test('are empty in the template: an operator puts them', () => {
    const { SecretStringTemplate, GenerateStringKey } = secret?.properties.GenerateSecretString ?? {};
    expect(JSON.parse(SecretStringTemplate)).toEqual({ secretKey: '', webhookSecret: '' });
    expect(GenerateStringKey).toBe('unused');
    expect(secret?.properties.SecretString).toBeUndefined();
  });

  test('are read by those who call Stripe or hear from it, who know where they are and not what', () => {
    const reading = functions.filter(({ properties }) => 'STRIPE_SECRET_ARN' in properties.Environment.Variables);
    expect(reading.map(({ properties }) => properties.Description).sort()).toEqual([
      'functions/invoices/invoices.lambda.ts',
      'functions/payments/buy-credits.lambda.ts',
      'functions/payments/stripe-webhook.lambda.ts',
      'functions/payments/top-up.lambda.ts',
    ]);
    for (const { properties } of reading) {
      const { STRIPE_SECRET_ARN, STRIPE_API_URL } = properties.Environment.Variables;
      expect([STRIPE_SECRET_ARN, STRIPE_API_URL]).toEqual([`<${secret?.logicalId}>`, '']);
    }
    const statements = resources('AWS::IAM::Policy').flatMap(({ properties }) => properties.PolicyDocument.Statement);
    const grants = statements.filter(({ Resource }) => JSON.stringify(Resource).includes(`<${secret?.logicalId}>`));
    expect(grants.map(({ Action }) => Action)).toEqual(Array(4).fill('secretsmanager:GetSecretValue'));
  });
});

describe('auto top-up', () => {
  const topUp = functions.find(({ properties }) => properties.Description === 'functions/payments/top-up.lambda.ts');
  const [source] = resources('AWS::Lambda::EventSourceMapping').filter(
    ({ properties }) => properties.FunctionName === `<${topUp?.logicalId}>`,
  );

  test('follows every kind of entry that takes credits from what can be spent, and no other', () => {
    const money = { amount: 1, currency: 'usd', reference: '1' };
    const corrects = { entryId: '1', bookedAt: '1' };
    const hand = { reason: 'r', reference: '1' };
    const taking: ledger.Entry[] = [
      ledger.hold(1, 1),
      ledger.refundPurchase('1', 1, money),
      ledger.reversePurchase('1', 1, money, { corrects, hand }),
      ledger.adjustment('1', -1),
      ledger.expiry('1', 1),
    ];
    const others: ledger.Entry[] = [
      ledger.grant('1', 1),
      ledger.purchase('1', 1, money),
      ledger.settle(1, 1, 'capture'),
      ledger.settle(1, 1, 'release'),
    ];
    expect([...taking, ...others].map(({ kind }) => kind).sort()).toEqual([...LEDGER_KINDS].sort());
    expect(
      taking.every(entry => ledger.availableBy(entry) < 0) && others.every(entry => ledger.availableBy(entry) >= 0),
    ).toBe(true);
    const [filter, ...more] = source?.properties.FilterCriteria.Filters ?? [];
    expect(more).toEqual([]);
    const { eventName, dynamodb } = JSON.parse(filter.Pattern);
    expect([eventName, dynamodb.NewImage.kind.S.toSorted()]).toEqual([
      ['INSERT'],
      taking.map(({ kind }) => kind).sort(),
    ]);
  });

  test('looks every five minutes for what is to be tried again', () => {
    const [schedule] = resources('AWS::Scheduler::Schedule').filter(
      ({ properties }) => properties.Target.Arn === `<${topUp?.logicalId}.Arn>`,
    );
    expect(schedule?.properties).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', Target: { Input: '{}' } });
  });
});
