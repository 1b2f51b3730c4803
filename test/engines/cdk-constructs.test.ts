/** What the constructs of the CDK make of secrets, mail and streams boots here, and their grants are enough. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, CfnOutput, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import { AttributeType, type ITable, StreamViewType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  Code,
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  Function as LambdaFunction,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConfigurationSet, ConfigurationSetTlsPolicy, EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LocalCloud } from '../../lib/local/cloud.ts';

/** Mails the secret for each item that is new, as the role that the CDK gave it. */
const HANDLER = `
  const load = require('node:module').createRequire(process.env.PROJECT + '/');
  const { GetSecretValueCommand, SecretsManagerClient } = load('@aws-sdk/client-secrets-manager');
  const { SESv2Client, SendEmailCommand } = load('@aws-sdk/client-sesv2');
  exports.handler = async ({ Records }) => {
    const secrets = new SecretsManagerClient({});
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_NAME }));
    for (const { dynamodb } of Records) {
      await new SESv2Client({}).send(new SendEmailCommand({
        FromEmailAddress: 'hello@example.com',
        Destination: { ToAddresses: [dynamodb.NewImage.email.S] },
        Content: { Simple: { Subject: { Data: 'Secret' }, Body: { Text: { Data: SecretString } } } },
      }));
    }
  };`;

let folder: string;
let cloud: LocalCloud;

function synthesise(outdir: string): string {
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Constructs');
  const secret = new Secret(stack, 'Secret', { description: 'unnamed, with a generated value' });
  new Secret(stack, 'Templated', {
    secretName: 'app/templated',
    generateSecretString: { secretStringTemplate: '{"user":"a"}', generateStringKey: 'password', passwordLength: 20 },
  });
  new Secret(stack, 'Whole', { secretObjectValue: { key: SecretValue.unsafePlainText('value') } });
  const configurationSet = new ConfigurationSet(stack, 'Sending', {
    tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    reputationMetrics: true,
  });
  const identity = new EmailIdentity(stack, 'Domain', {
    identity: Identity.domain('example.com'),
    mailFromDomain: 'bounce.example.com',
    configurationSet,
  });
  new EmailIdentity(stack, 'Address', { identity: Identity.email('one@example.net'), feedbackForwarding: false });
  new CfnOutput(stack, 'Dkim', { value: identity.dkimDnsTokenName1 });
  new CfnOutput(stack, 'SecretName', { value: secret.secretName });
  const made = new LambdaFunction(stack, 'Mailer', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(HANDLER),
    environment: { PROJECT: process.cwd(), SECRET_NAME: secret.secretName },
    timeout: Duration.seconds(20),
  });
  secret.grantRead(made);
  identity.grantSendEmail(made);
  // The CDK's grant leaves out the configuration set, which SES asks for as well.
  const set = stack.formatArn({
    service: 'ses',
    resource: 'configuration-set',
    resourceName: configurationSet.configurationSetName,
  });
  made.addToRolePolicy(new PolicyStatement({ actions: ['ses:SendEmail'], resources: [set] }));
  const partitionKey = { name: 'pk', type: AttributeType.STRING };
  const table = new TableV2(stack, 'Items', { partitionKey, dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES });
  const plain = new Table(stack, 'Plain', { partitionKey, stream: StreamViewType.NEW_IMAGE });
  new CfnOutput(stack, 'TableName', { value: table.tableName });
  const source = new DynamoEventSource(table as ITable, {
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 5,
    retryAttempts: 3,
    bisectBatchOnError: true,
    maxRecordAge: Duration.minutes(5),
    reportBatchItemFailures: true,
    onFailure: new SqsDlq(new Queue(stack, 'Q')),
    filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })],
  });
  made.addEventSource(source);
  made.addEventSource(new DynamoEventSource(plain as ITable, { startingPosition: StartingPosition.LATEST }));
  new EventSourceMapping(stack, 'Mapping', {
    target: made,
    eventSourceArn: String(plain.tableStreamArn),
    enabled: false,
    startingPosition: StartingPosition.LATEST,
    parallelizationFactor: 1,
    maxBatchingWindow: Duration.seconds(1),
  });
  return app.synth().directory;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'constructs-'));
  const assembly = synthesise(join(folder, 'cdk.out'));
  cloud = await LocalCloud.start({ assembly, dataDir: join(folder, 'data'), port: 0 });
}, 60_000);
afterAll(async () => {
  await cloud?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const output = (name: string): string => String(cloud.provisioned.outputs[`Constructs.${name}`]);

test('an item that is written is mailed with the secret, by the grants of the constructs alone', async () => {
  await new SecretsManagerClient(cloud.client).send(
    new PutSecretValueCommand({ SecretId: output('SecretName'), SecretString: 'put by hand' }),
  );
  const Item = { pk: { S: 'a' }, email: { S: 'to@example.org' } };
  await new DynamoDBClient(cloud.client).send(new PutItemCommand({ TableName: output('TableName'), Item }));
  const mails = async () => (await fetch(`${cloud.awsUrl}/_mail.json`)).json();
  await vi.waitFor(
    async () =>
      expect(await mails()).toMatchObject([{ to: ['to@example.org'], subject: 'Secret', text: 'put by hand' }]),
    { timeout: 20_000, interval: 50 },
  );
});

test('a domain has the records of DKIM as outputs', () => {
  expect(output('Dkim')).toMatch(/^[a-z0-9]{32}\._domainkey\.example\.com$/);
});

test('its tables meet contention when the cloud is told so, and none when it is told again', async () => {
  const client = new DynamoDBClient({ ...cloud.client, maxAttempts: 1 });
  const put = () =>
    client.send(new PutItemCommand({ TableName: output('TableName'), Item: { pk: { S: 'contended' } } }));
  const counts = cloud.contention({ seed: 1, conflictRate: 1, throttleRate: 0, appliesTo: () => true });
  await expect(put()).rejects.toMatchObject({ name: 'TransactionConflictException' });
  expect(counts.conflicts).toBeGreaterThan(0);
  cloud.contention();
  await put();
});
