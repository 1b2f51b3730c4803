import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allResources, assembly, assemblyOf, PRODUCTION, ROOT, resources } from './synthesised.ts';

const [key, ...otherKeys] = resources('AWS::KMS::Key');
const [alias] = resources('AWS::KMS::Alias');
const functions = resources('AWS::Lambda::Function');
const made = (entry: string) =>
  functions.find(({ properties }) => properties.Description === entry) ?? expect.fail(entry);
const certifying = made('functions/generation/certify-deletions.lambda.ts');
const handing = made('functions/certificates/certificates.lambda.ts');
const publishing = made('functions/certificates/key-set.lambda.ts');

interface Grant {
  readonly who: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What roles may do with a service, by the description of their function. */
function grants(service: string): Grant[] {
  return resources('AWS::IAM::Policy').flatMap(({ properties }) =>
    properties.PolicyDocument.Statement.flatMap(
      (statement: { Action: string | string[]; Resource: string | string[] }) => {
        const actions = [statement.Action].flat().filter(action => action.startsWith(`${service}:`));
        const [role] = properties.Roles;
        const who = functions.find(({ properties: { Role } }) => Role === String(role).replace('>', '.Arn>'));
        return actions.length > 0
          ? [{ who: String(who?.properties.Description), actions, resources: [statement.Resource].flat() }]
          : [];
      },
    ),
  );
}
const namesOf = (some: readonly Grant[]): string[] => some.map(({ who }) => who).sort();

describe('the key that signs certificates', () => {
  test('is one of P-256 that signs and does nothing else, under an alias of the stage, and is kept as the stage is', async () => {
    expect(otherKeys).toEqual([]);
    expect(key?.properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    expect(alias?.properties).toMatchObject({
      AliasName: 'alias/mutoscope-dev-certificates',
      TargetKeyId: `<${key?.logicalId}.Arn>`,
    });
    expect(key?.resource.DeletionPolicy).toBe('RetainExceptOnCreate');
    const [thrown] = allResources(await assemblyOf(PRODUCTION), 'AWS::KMS::Key');
    expect([thrown?.resource.DeletionPolicy, thrown?.properties.PendingWindowInDays]).toEqual(['Delete', 7]);
  });

  test('has a policy that leaves it to the account who signs, and names each action: none with a wildcard', () => {
    const statements: { Effect: string; Principal: unknown; Action: string | string[] }[] =
      key?.properties.KeyPolicy.Statement;
    const actions = statements.flatMap(({ Action }) => Action);
    expect(statements.every(({ Effect }) => Effect === 'Allow')).toBe(true);
    expect(new Set(statements.map(({ Principal }) => JSON.stringify(Principal))).size).toBe(1);
    expect(JSON.stringify(statements[0]?.Principal)).toContain(':root');
    expect(actions.filter(action => action.includes('*'))).toEqual([]);
    expect(actions.filter(action => /Sign|Encrypt|Decrypt|Grant|Derive|Import/.test(action))).toEqual(['kms:Sign']);
    // Without this nobody could ever change the policy again.
    expect(actions).toContain('kms:PutKeyPolicy');
  });

  test('signs for what issues certificates alone; its public half is read by that and by the key set', () => {
    const found = grants('kms');
    const may = (action: string) => namesOf(found.filter(({ actions }) => actions.includes(action)));
    // An export's manifest is signed by the same key.
    expect(may('kms:Sign')).toEqual([
      'functions/generation/certify-deletions.lambda.ts',
      'functions/retention/make-volume.lambda.ts',
      'functions/termination/advance-terminations.lambda.ts',
    ]);
    expect(may('kms:GetPublicKey')).toEqual([
      'functions/certificates/key-set.lambda.ts',
      'functions/generation/certify-deletions.lambda.ts',
      'functions/retention/make-volume.lambda.ts',
      'functions/termination/advance-terminations.lambda.ts',
    ]);
    expect([...new Set(found.flatMap(({ actions }) => actions))].sort()).toEqual(['kms:GetPublicKey', 'kms:Sign']);
    expect([...new Set(found.flatMap(grant => grant.resources))]).toEqual([`<${key?.logicalId}.Arn>`]);
    expect(publishing.properties.Environment.Variables.CERTIFICATE_KEYS).toBe(`<${key?.logicalId}.Arn>`);
  });
});

describe('certificates', () => {
  test('are written by what issues them, read by that and by what hands them out, and removed by nobody', () => {
    const onCertificates = grants('s3').filter(({ resources: [name = ''] }) => name.includes('<Certificates'));
    expect(Object.fromEntries(onCertificates.map(({ who, actions }) => [who, actions]))).toEqual({
      'functions/certificates/certificates.lambda.ts': ['s3:GetObject'],
      'functions/generation/certify-deletions.lambda.ts': ['s3:GetObject', 's3:PutObject'],
      'functions/termination/advance-terminations.lambda.ts': ['s3:GetObject', 's3:PutObject'],
    });
    const [bucket] = resources('AWS::S3::Bucket').filter(({ logicalId }) => logicalId.startsWith('Certificates'));
    expect(bucket?.properties).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } });
    const rules: { ExpirationInDays?: number }[] = bucket?.properties.LifecycleConfiguration.Rules;
    expect(rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined)).toEqual([]);
    expect(Object.keys(handing.properties.Environment.Variables)).not.toContain('CERTIFICATE_KEY');
  });

  test('follow the deletions that the stream of the jobs table brings; one that cannot be issued raises an alarm that names what to do', () => {
    const [source] = resources('AWS::Lambda::EventSourceMapping').filter(
      ({ properties }) => properties.FunctionName === `<${certifying.logicalId}>`,
    );
    const { FilterCriteria, DestinationConfig, BisectBatchOnFunctionError } = source?.properties ?? {};
    expect(JSON.parse(FilterCriteria.Filters[0].Pattern)).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { type: { S: ['video.deleted'] } } },
    });
    expect(BisectBatchOnFunctionError).toBe(true);
    const dead = String(DestinationConfig.OnFailure.Destination).replace('.Arn>', '.QueueName>');
    const [alarm] = resources('AWS::CloudWatch::Alarm').filter(({ properties }) =>
      properties.Dimensions.some(({ Value }: { Value: string }) => Value === dead),
    );
    expect(alarm?.properties.AlarmDescription).toContain('invoke it with the account and the video');
  });

  test('are stamped by the authority of the stage, and by none where it names none', async () => {
    expect(certifying.properties.Environment.Variables.TIMESTAMP_URL).toBe('');
    const url = 'https://stamps.example.com/tsr';
    const stamped = allResources(await assemblyOf({ timestampUrl: url }), 'AWS::Lambda::Function').find(
      ({ properties }) => properties.Description === certifying.properties.Description,
    );
    expect(stamped?.properties.Environment.Variables.TIMESTAMP_URL).toBe(url);
  });

  test('are written as PDF with the font that lies in the bundle where the code looks for it', () => {
    const folder = assembly.assetFolder(String(certifying.properties.Code.S3Key).replace('.zip', '')) ?? '';
    const font = readFileSync(join(ROOT, 'functions/invoices/fonts/DejaVuSans.ttf'));
    expect(readFileSync(join(folder, 'fonts/DejaVuSans.ttf')).equals(font)).toBe(true);
  });
});
