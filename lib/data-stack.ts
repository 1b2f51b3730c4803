import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { type AuditAnchors, makeAuditAnchors } from './constructs/audit.ts';
import { type Certificates, makeCertificates } from './constructs/certificates.ts';
import {
  makeAccessLog,
  makeAccountExportsBucket,
  makeDocumentsBucket,
  makeInvoicesBucket,
  makeMediaBucket,
} from './constructs/media-bucket.ts';
import { makeReports, type Reports } from './constructs/reports.ts';
import { makeStripeKeys } from './constructs/stripe.ts';
import { makeTables, type Tables } from './constructs/tables.ts';
import { makeOffenderKey } from './constructs/termination.ts';
import { emptyOnDestroy } from './constructs/thrown-away.ts';
import type { Stage } from './stage.ts';

/** What must not be lost: tables, media, documents, invoices, certificates and their keys, reports, what the audit trail is verified by, and keys that an operator put here. Everything else can be thrown away and deployed again. */
export class DataStack extends Stack {
  readonly tables: Tables;
  readonly media: Bucket;
  readonly documents: Bucket;
  readonly invoices: Bucket;
  readonly accountExports: Bucket;
  readonly certificates: Certificates;
  readonly reports: Reports;
  readonly auditAnchors: AuditAnchors;
  readonly stripeKeys: Secret;
  readonly offenderKey: Secret;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage }) {
    super(scope, id, { description: 'Mutoscope: what must not be lost', ...props });
    this.tables = makeTables(this, props.stage);
    const accessLog = makeAccessLog(this, props.stage);
    this.media = makeMediaBucket(this, props.stage, accessLog);
    this.documents = makeDocumentsBucket(this, props.stage, accessLog);
    this.invoices = makeInvoicesBucket(this, props.stage, accessLog);
    this.accountExports = makeAccountExportsBucket(this, props.stage, accessLog);
    this.certificates = makeCertificates(this, props.stage, accessLog);
    this.reports = makeReports(this, props.stage, accessLog);
    this.auditAnchors = makeAuditAnchors(this, props.stage, accessLog);
    emptyOnDestroy(this, props.stage, {
      buckets: [this.invoices, this.accountExports, this.certificates.bucket, this.reports.bucket, accessLog],
      lockedBuckets: [this.media, this.documents, this.auditAnchors.heads],
    });
    this.stripeKeys = makeStripeKeys(this, props.stage);
    this.offenderKey = makeOffenderKey(this, props.stage);
    const { core, jobs, ledger, idempotency, audit, seals } = this.tables;
    new CfnOutput(this, 'CoreTable', { value: core.tableName });
    new CfnOutput(this, 'JobsTable', { value: jobs.tableName });
    new CfnOutput(this, 'LedgerTable', { value: ledger.tableName });
    new CfnOutput(this, 'IdempotencyTable', { value: idempotency.tableName });
    new CfnOutput(this, 'AuditTable', { value: audit.tableName });
    new CfnOutput(this, 'SealsTable', { value: seals.tableName });
    new CfnOutput(this, 'MediaBucket', { value: this.media.bucketName });
    new CfnOutput(this, 'DocumentsBucket', { value: this.documents.bucketName });
    new CfnOutput(this, 'AuditHeadsBucket', { value: this.auditAnchors.heads.bucketName });
    new CfnOutput(this, 'InvoicesBucket', { value: this.invoices.bucketName });
    new CfnOutput(this, 'AccountExportsBucket', { value: this.accountExports.bucketName });
    new CfnOutput(this, 'CertificatesBucket', { value: this.certificates.bucket.bucketName });
    new CfnOutput(this, 'ReportsBucket', { value: this.reports.bucket.bucketName });
  }
}
