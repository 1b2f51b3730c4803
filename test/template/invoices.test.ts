import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOCUMENTED_KINDS } from '../../functions/invoices/document.ts';
import { readStage } from '../../lib/stage.ts';
import { assembly, ROOT, resources } from './synthesised.ts';

const [issuing] = resources('AWS::Lambda::Function').filter(
  ({ properties }) => properties.Description === 'functions/invoices/issue-documents.lambda.ts',
);
const [source] = resources('AWS::Lambda::EventSourceMapping').filter(
  ({ properties }) => properties.FunctionName === `<${issuing?.logicalId}>`,
);

test('documents follow the entries with money that the stream of the ledger brings, and no others', () => {
  const [filter, ...others] = source?.properties.FilterCriteria.Filters ?? [];
  expect(others).toEqual([]);
  expect(JSON.parse(filter.Pattern)).toEqual({
    eventName: ['INSERT'],
    dynamodb: { NewImage: { kind: { S: [...DOCUMENTED_KINDS] } } },
  });
  expect(source?.properties.StartingPosition).toBe('TRIM_HORIZON');
});

test('what can have no document is put aside, apart from the others, and raises an alarm that names what to do', () => {
  const { BisectBatchOnFunctionError, MaximumRetryAttempts, DestinationConfig } = source?.properties ?? {};
  expect([BisectBatchOnFunctionError, MaximumRetryAttempts]).toEqual([true, 20]);
  const dead = String(DestinationConfig.OnFailure.Destination).replace('.Arn>', '.QueueName>');
  const [alarm] = resources('AWS::CloudWatch::Alarm').filter(({ properties }) =>
    properties.Dimensions.some(({ Value }: { Value: string }) => Value === dead),
  );
  expect(alarm?.properties).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
  expect(alarm?.properties.AlarmDescription).toContain('invoke it with the day');
});

test('the font lies in the bundle where the code looks for it, whole', () => {
  const folder = assembly.assetFolder(String(issuing?.properties.Code.S3Key).replace('.zip', '')) ?? '';
  const font = readFileSync(join(ROOT, 'functions/invoices/fonts/DejaVuSans.ttf'));
  expect(readFileSync(join(folder, 'fonts/DejaVuSans.ttf')).equals(font)).toBe(true);
});

test('whoever issues writes PDFs with their tag, and never reads or deletes one', () => {
  const role = String(issuing?.properties.Role).replace('.Arn>', '>');
  const actions = resources('AWS::IAM::Policy')
    .filter(({ properties }) => properties.Roles.includes(role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .flatMap(({ Action }) => [Action].flat())
    .filter(action => action.startsWith('s3:'));
  // The tag says that nothing ends them: books.
  expect(actions).toEqual(['s3:PutObject', 's3:PutObjectTagging']);
});

test('an issuer that charges tax says who it is, and is in a country whose tax is known', () => {
  const read = (settings: Record<string, string>) => readStage(key => settings[key], {});
  const whole = { invoiceCountry: 'DE', invoiceAddress: 'Ring 1, Berlin', invoiceTaxId: 'DE123456789' };
  expect(read(whole)).toMatchObject(whole);
  expect(read({}).invoiceCountry).toBe('');
  expect(() => read({ ...whole, invoiceAddress: '' })).toThrow(/invoiceCountry .*needs invoiceAddress/);
  expect(() => read({ ...whole, invoiceCountry: 'US' })).toThrow(/invoiceCountry .*AT, BE/);
});
