import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allResources, assembly, type Found, ROOT, resources } from './synthesised.ts';

interface Statement {
  readonly role: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

const functions = resources('AWS::Lambda::Function');
const [task] = resources('AWS::ECS::TaskDefinition');

/** Every statement of every identity policy. */
const statements: Statement[] = [
  ...resources('AWS::IAM::Policy').flatMap(({ properties }) =>
    properties.Roles.flatMap((role: string) => read(role, properties.PolicyDocument)),
  ),
  ...resources('AWS::IAM::Role').flatMap(({ logicalId, properties }) =>
    (properties.Policies ?? []).flatMap((policy: { PolicyDocument: never }) =>
      read(`<${logicalId}>`, policy.PolicyDocument),
    ),
  ),
];

function read(role: string, document: { Statement: Record<string, string | string[]>[] }): Statement[] {
  return document.Statement.map(({ Effect, Action = [], Resource = [] }) => ({
    role,
    effect: String(Effect),
    actions: [Action].flat(),
    resources: [Resource].flat(),
  }));
}

/** Code with an environment and a role: every function and the worker. */
const code = [
  ...functions.map(({ properties }) => ({
    name: String(properties.Description),
    role: String(properties.Role),
    environment: properties.Environment.Variables as Record<string, string>,
  })),
  {
    name: 'the worker',
    role: String(task?.properties.TaskRoleArn),
    environment: Object.fromEntries(
      task?.properties.ContainerDefinitions[0].Environment.map((variable: { Name: string; Value: string }) => [
        variable.Name,
        variable.Value,
      ]),
    ) as Record<string, string>,
  },
];

function granted(role: string): Statement[] {
  return statements.filter(statement => statement.role === role.replace('.Arn>', '>'));
}

describe('permissions', () => {
  test('no policy of ours names an action with a wildcard', () => {
    const actions = statements.filter(({ effect }) => effect === 'Allow').flatMap(statement => statement.actions);
    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter(action => action.includes('*'))).toEqual([]);
  });

  test('only actions that AWS lets name no resource are allowed on every one', () => {
    const onAll = statements.filter(statement => statement.resources.includes('*')).flatMap(({ actions }) => actions);
    expect([...new Set(onAll)].sort()).toEqual([
      'ecr:GetAuthorizationToken',
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test('resources with a wildcard in them are these', () => {
    const wild = statements
      .flatMap(statement => statement.resources)
      .filter(name => name.length > 1 && name.includes('*'));
    expect([...new Set(wild)].map(name => name.replace(/[0-9A-F]{8}(?=[.>])/, '')).sort()).toEqual([
      '<AccountExports.Arn>/accounts/*',
      '<AuditHeads.Arn>/heads/*',
      '<Certificates.Arn>/certificates/*',
      '<Documents.Arn>/accounts/*',
      '<Invoices.Arn>/accounts/*',
      '<Media.Arn>/accounts/*',
      '<Reports.Arn>/csv/*',
      '<Reports.Arn>/months/*',
      '<Reports.Arn>/parquet/*',
      '<Reports.Arn>/queries/*',
      'arn:<AWS::Partition>:apigateway:<AWS::Region>::/apikeys/*',
      'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<Generation.Name>:*',
    ]);
  });

  test.each(code.map(one => [one.name, one] as const))(
    '%s is told each table that it may use, and may use each that it is told',
    (_, one) => {
      const told = Object.entries(one.environment)
        .filter(([name]) => name.endsWith('_TABLE'))
        .map(([, table]) => table.replace('>', '.Arn>'));
      const used = granted(one.role)
        .filter(({ actions }) => actions.some(action => action.startsWith('dynamodb:')))
        .flatMap(statement => statement.resources)
        // The stream of a table is the event source's.
        .filter(resource => !resource.endsWith('.StreamArn>'))
        .map(resource => resource.replace(/\/index\/\w+$/, ''));
      expect([...new Set(used)].sort()).toEqual([...new Set(told)].sort());
    },
  );

  test('only the reconciler, the operators and those who list query', () => {
    const querying = code.filter(one => granted(one.role).some(({ actions }) => actions.includes('dynamodb:Query')));
    expect(querying.map(one => one.name).sort()).toEqual([
      'functions/accounts/agreements.lambda.ts',
      'functions/alerts/alerts.lambda.ts',
      'functions/audit/audit.lambda.ts',
      'functions/audit/verify-audit.lambda.ts',
      'functions/enforcement/decide-standing.lambda.ts',
      'functions/enforcement/follow-dates.lambda.ts',
      'functions/enforcement/standing.lambda.ts',
      'functions/finance/expire-credits.lambda.ts',
      'functions/finance/export-day.lambda.ts',
      'functions/finance/months.lambda.ts',
      'functions/finance/reports.lambda.ts',
      'functions/generation/reconcile.lambda.ts',
      'functions/generation/videos/delete-video.lambda.ts',
      'functions/generation/videos/read-video.lambda.ts',
      'functions/invoices/invoices.lambda.ts',
      'functions/invoices/issue-documents.lambda.ts',
      'functions/keys/list-keys.lambda.ts',
      'functions/keys/manage-keys.lambda.ts',
      'functions/keys/revoke-key.lambda.ts',
      'functions/payments/book-credits.lambda.ts',
      'functions/payments/purchases.lambda.ts',
      'functions/payments/top-up.lambda.ts',
      'functions/qualification/qualification.lambda.ts',
      'functions/qualification/review.lambda.ts',
      'functions/retention/expire-media.lambda.ts',
      'functions/retention/exports.lambda.ts',
      'functions/retention/make-volume.lambda.ts',
      'functions/risk/cases.lambda.ts',
      'functions/risk/unfreeze-key.lambda.ts',
      'functions/risk/watch-use.lambda.ts',
      'functions/support/help.lambda.ts',
      'functions/termination/advance-terminations.lambda.ts',
      'functions/termination/decide-terminations.lambda.ts',
      'functions/termination/holds.lambda.ts',
      'functions/usage/limits.lambda.ts',
      'functions/usage/read-usage.lambda.ts',
      'functions/usage/usage-detail.lambda.ts',
    ]);
  });

  const on = (resource: string) =>
    code.flatMap(one =>
      granted(one.role)
        .filter(({ resources: named }) => named.some(name => name.startsWith(`<${resource}`)))
        .flatMap(({ actions }) => actions.map(action => `${one.name} ${action}`)),
    );

  test('nobody may scan a table, and rows are deleted by the purge alone', () => {
    const actions = statements.flatMap(statement => statement.actions);
    // Of the batches, that which reads by keys alone: the list of videos by their metadata.
    const batched = actions.filter(action => action.startsWith('dynamodb:Batch'));
    expect(batched).toEqual(['dynamodb:BatchGetItem']);
    expect(actions.filter(action => action === 'dynamodb:Scan')).toEqual([]);
    const deleting = ['Core', 'Jobs', 'Ledger', 'Idempotency', 'Audit', 'Seals'].flatMap(name =>
      on(name)
        .filter(action => action.endsWith('dynamodb:DeleteItem'))
        .map(action => `${name} ${action.split(' ')[0]}`),
    );
    expect(deleting.sort()).toEqual([
      'Audit functions/termination/advance-terminations.lambda.ts',
      'Core functions/termination/advance-terminations.lambda.ts',
      'Idempotency functions/termination/advance-terminations.lambda.ts',
      'Jobs functions/termination/advance-terminations.lambda.ts',
    ]);
  });

  test('one function writes seals and heads of the audit trail, and nobody else can', () => {
    expect(on('Seals').sort()).toEqual([
      'functions/audit/seal.lambda.ts dynamodb:GetItem',
      'functions/audit/seal.lambda.ts dynamodb:PutItem',
      'functions/audit/verify-audit.lambda.ts dynamodb:GetItem',
      'functions/audit/verify-audit.lambda.ts dynamodb:Query',
    ]);
    expect(on('AuditHeads').sort()).toEqual([
      'functions/audit/seal.lambda.ts s3:PutObject',
      'functions/audit/verify-audit.lambda.ts s3:GetObjectVersion',
      'functions/audit/verify-audit.lambda.ts s3:ListBucketVersions',
    ]);
    expect(on('AuditSigningKey').sort()).toEqual([
      'functions/audit/seal.lambda.ts secretsmanager:GetSecretValue',
      'functions/audit/verify-audit.lambda.ts secretsmanager:GetSecretValue',
    ]);
  });

  test('identity documents are read by those who take and review them, and by no one who decodes media', () => {
    expect(on('Documents').sort()).toEqual([
      'functions/qualification/qualification.lambda.ts s3:GetObject',
      'functions/qualification/qualification.lambda.ts s3:PutObject',
      'functions/qualification/qualification.lambda.ts s3:PutObjectTagging',
      'functions/qualification/review.lambda.ts s3:GetObject',
      // What ends an account and what a legal hold locks: neither reads a byte of them.
      'functions/termination/advance-terminations.lambda.ts s3:AbortMultipartUpload',
      'functions/termination/advance-terminations.lambda.ts s3:DeleteObjectTagging',
      'functions/termination/advance-terminations.lambda.ts s3:DeleteObjectVersion',
      'functions/termination/advance-terminations.lambda.ts s3:ListBucketMultipartUploads',
      'functions/termination/advance-terminations.lambda.ts s3:ListBucketVersions',
      'functions/termination/advance-terminations.lambda.ts s3:PutObjectLegalHold',
      'functions/termination/advance-terminations.lambda.ts s3:PutObjectTagging',
      'functions/termination/holds.lambda.ts s3:ListBucketVersions',
      'functions/termination/holds.lambda.ts s3:PutObjectLegalHold',
    ]);
    // Whoever reads media; the purge and legal holds know both buckets, and read neither.
    const reading = new Set(
      on('Media')
        .filter(action => action.endsWith('s3:GetObject'))
        .map(action => action.split(' s3:')[0]),
    );
    const decoding = code.filter(one => reading.has(one.name));
    expect(decoding.map(one => one.name)).toContain('the worker');
    expect(decoding.filter(one => 'DOCUMENTS_BUCKET' in one.environment)).toEqual([]);
  });

  test('what ends an account ends its objects in every bucket that has any, but for invoices, which are books', () => {
    for (const bucket of ['Media', 'Documents', 'AccountExports']) {
      const actions = on(bucket).filter(action =>
        action.startsWith('functions/termination/advance-terminations.lambda.ts'),
      );
      expect([bucket, actions.filter(action => /DeleteObjectVersion|ListBucketVersions/.test(action))]).toEqual([
        bucket,
        ['DeleteObjectVersion', 'ListBucketVersions'].map(
          action => `functions/termination/advance-terminations.lambda.ts s3:${action}`,
        ),
      ]);
    }
    expect(on('Invoices').filter(action => action.includes('Delete'))).toEqual([]);
  });

  test('nobody may change what the ledger holds, but the purge, which takes words from it', () => {
    const onLedger = statements.filter(statement => statement.resources.some(name => name.startsWith('<Ledger')));
    const reading = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams', 'Query'];
    expect([...new Set(onLedger.flatMap(({ actions }) => actions))].sort()).toEqual(
      [...reading, 'PutItem', 'UpdateItem'].map(action => `dynamodb:${action}`).sort(),
    );
    expect(on('Ledger').filter(action => action.endsWith('UpdateItem'))).toEqual([
      'functions/termination/advance-terminations.lambda.ts dynamodb:UpdateItem',
    ]);
  });
});

describe('functions', () => {
  test('are one for each entry, described by its path', () => {
    const entries = globSync('functions/**/*.lambda.ts', { cwd: ROOT });
    // A stage that keeps its data has nothing that could empty a bucket.
    const wanted = entries.filter(entry => entry !== 'functions/deployment/empty-buckets.lambda.ts');
    expect(code.map(one => one.name).sort()).toEqual([...wanted, 'the worker'].sort());
  });

  test.each(functions.map(one => [one.properties.Description as string, one] as const))(
    '%s runs on Node 24 and arm64, is traced, and forgets its logs in time',
    (_, { properties }: Found) => {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
      expect(properties.MemorySize).toBeGreaterThanOrEqual(512);
      const logs = resources('AWS::Logs::LogGroup').find(
        ({ logicalId }) => properties.LoggingConfig.LogGroup === `<${logicalId}>`,
      );
      expect(logs?.properties.RetentionInDays).toBe(30);
    },
  );

  test('no log group is kept for ever', () => {
    const kept = resources('AWS::Logs::LogGroup').filter(({ properties }) => !properties.RetentionInDays);
    expect(kept).toEqual([]);
  });
});

test('one resource is made by a function, and that function is ours: the domain of mail', () => {
  const made = allResources(assembly).filter(({ type }) => /^Custom::|CustomResource$/.test(type));
  expect(made.map(({ type }) => type)).toEqual(['Custom::MailDomain']);
  const [ours] = functions.filter(({ logicalId }) => `<${logicalId}.Arn>` === made[0]?.properties.ServiceToken);
  expect(ours?.properties.Description).toBe('functions/deployment/mail-domain.lambda.ts');
  const rights = granted(String(ours?.properties.Role)).flatMap(({ actions }) => actions);
  expect(rights.filter(action => action.startsWith('ses:'))).toEqual([
    'ses:CreateEmailIdentity',
    'ses:GetEmailIdentity',
  ]);
});
