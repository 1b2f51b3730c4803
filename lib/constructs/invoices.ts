import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { alarmOnInvoices } from './alarms.ts';
import { functionFor } from './function.ts';
import { sender } from './mail.ts';
import type { Tables } from './tables.ts';
import { accountObjects, table } from './use.ts';

/** What makes the documents of payments, after they are booked: no booking waits for a number. */
export function makeInvoices(
  scope: Construct,
  stage: Stage,
  { tables: { core, ledger }, bucket }: { readonly tables: Tables; readonly bucket: Bucket },
): void {
  const issuing = functionFor(scope, 'functions/invoices/issue-documents.lambda.ts', stage, {
    // A batch takes some seconds; a day that is invoked by hand may have thousands.
    timeout: Duration.minutes(5),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']),
      LEDGER_TABLE: table(ledger, ['Query'], ['byDay']),
      INVOICES_BUCKET: accountObjects(bucket, ['PutObject', 'PutObjectTagging']),
      MAIL_FROM: sender(scope, stage),
    },
    settings: {
      INVOICE_ISSUER: stage.invoiceIssuer,
      INVOICE_ADDRESS: stage.invoiceAddress,
      INVOICE_COUNTRY: stage.invoiceCountry,
      INVOICE_TAX_ID: stage.invoiceTaxId,
      SUPPORT: stage.support,
    },
  });
  const dead = new Queue(scope, 'DeadInvoices', {
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  acknowledge(dead, {
    'AwsSolutions-SQS3': 'It is itself where what failed is put aside, which the check does not look at.',
  });
  issuing.addEventSource(
    new DynamoEventSource(ledger as ITable, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 25,
      maxBatchingWindow: Duration.seconds(1),
      // One that always fails is put aside, apart from the others: what comes after it in its shard waits for it until then.
      bisectBatchOnError: true,
      retryAttempts: 20,
      onFailure: new SqsDlq(dead),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { kind: { S: FilterRule.or('purchase', 'refund', 'reversal') } } },
        }),
      ],
    }),
  );
  alarmOnInvoices(scope, stage, dead);
  new CfnOutput(Stack.of(scope), 'IssueDocumentsFunction', { value: issuing.functionName });
}
