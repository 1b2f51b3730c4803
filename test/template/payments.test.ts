import { describe, expect, test } from 'vitest';
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
