/**
 * The six tables, apart by lifecycle: what is kept, for how long and who may touch it differ, and a transaction spans
 * them all the same. Keys are `pk` and `sk`; no request scans, and none costs more as an account grows.
 */
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

export interface Tables {
  readonly core: TableV2;
  readonly jobs: TableV2;
  readonly ledger: TableV2;
  readonly idempotency: TableV2;
  readonly audit: TableV2;
  readonly seals: TableV2;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });
const number = (name: string) => ({ name, type: AttributeType.NUMBER });

const REPORTED = [
  'accountId',
  'jobId',
  'state',
  'credits',
  'keyId',
  'plan',
  'function',
  'model',
  'quality',
  'durationSeconds',
  'createdAt',
  'endedAt',
  'failureCode',
  'endedAs',
];

export function makeTables(scope: Construct, stage: Stage): Tables {
  const kept: TablePropsV2 = {
    partitionKey: text('pk'),
    billing: Billing.onDemand(),
    // 35 days of second-by-second recovery.
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: stage.retain,
    removalPolicy: stage.protectedRemoval,
  };
  return {
    /**
     * Accounts, people, keys and what is counted. What an account's credits are of at the end of a day (`LOTS#<id>`, `DAY#…`), and the
     * gifts that end (`CREDITS_DUE`, by day). An account, its daily counters (`DAY#…`), counts of usage (`USAGE#…`, and of metadata `USAGE_OF#…`),
     * living keys (`KEYS`), open streams (`STREAMS`) and hidden gateway keys (`GATEWAY#<plan>`): pk `ACCOUNT#<id>`. A key: pk by the key's hash, which
     * is all that the authorizer has; a person: pk by the token's subject, for the same reason. Below its account: codes
     * sent (`EMAIL#…`), versions of the terms that were accepted (`TERMS#…`), documents (`DOCUMENT#…`) and submissions
     * (`SUBMISSION#…`) of its qualification; its invoices and credit notes (`INVOICE#…`). Numbers of these by issuer
     * (`NUMBERS#…`), and what was issued on a day (`ISSUED#…`). What its standing is made of (`STANDING`), its violations (`VIOLATION#…`, by their reports
     * `REPORTED#…`), measures (`MEASURE#…`), appeals (`APPEAL#…`) and an order to terminate it (`TERMINATION_ORDER`); of all accounts, what is to be
     * rectified (`RECTIFY_DUE`, by date) and the open appeals (`APPEALS_OPEN`). `expiresAt` ends codes and counters of past days.
     */
    core: new TableV2(scope, 'Core', {
      ...kept,
      sortKey: text('sk'),
      timeToLiveAttribute: 'expiresAt',
      globalSecondaryIndexes: [
        {
          // An account's keys as they are listed, and one key by its id, where the hash is not known.
          indexName: 'keysByAccount',
          partitionKey: text('accountId'),
          sortKey: text('keyId'),
          projectionType: ProjectionType.ALL,
        },
        {
          // Accounts that wait to be approved, or to have a change approved, by how long they have waited; others are not in it.
          indexName: 'applications',
          partitionKey: text('applicationStatus'),
          sortKey: text('applicationSince'),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ['accountId', 'name', 'kind', 'country'],
        },
        {
          // All accounts by age. What jobs change of an account is not in it, so they never write here.
          indexName: 'accounts',
          partitionKey: text('listed'),
          sortKey: text('createdAt'),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ['accountId', 'name', 'kind', 'country', 'status', 'plan'],
        },
      ],
    }),
    /**
     * Jobs (`JOB#<16 digits>`), images (`IMAGE#…`), media (`MEDIA#…`), the account's own speakers (`SPEAKERS`), selections of masks (`MASKS#…`), where the jobs with a pair of metadata stand (`PAIR#…`), and outbox
     * events (`EVENT#…`) under their account's id: an item of another account is not found, whatever id is asked for.
     * The stream carries the outbox to whoever tells others.
     */
    jobs: new TableV2(scope, 'Jobs', {
      ...kept,
      sortKey: text('sk'),
      timeToLiveAttribute: 'expiresAt',
      dynamoStream: StreamViewType.NEW_IMAGE,
      globalSecondaryIndexes: [
        {
          // Open jobs by the time at which somebody should look at them (epoch ms); a job that ends leaves it.
          indexName: 'open',
          partitionKey: text('openShard'),
          sortKey: number('dueAt'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
        // Jobs of a day, of all accounts, for reports: without a word of what was asked for.
        {
          indexName: 'byStart',
          partitionKey: text('startedShard'),
          sortKey: text('createdAt'),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: REPORTED,
        },
        {
          indexName: 'byEnd',
          partitionKey: text('endedShard'),
          sortKey: text('endedAt'),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: REPORTED,
        },
      ],
    }),
    /** Entries of an account, appended and never changed, so never expired. The stream carries those with money to their documents. */
    ledger: new TableV2(scope, 'Ledger', {
      ...kept,
      sortKey: text('sk'),
      dynamoStream: StreamViewType.NEW_IMAGE,
      globalSecondaryIndexes: [
        {
          // An account's entries of a period, for statements and reports.
          indexName: 'byTime',
          partitionKey: text('pk'),
          sortKey: text('bookedAt'),
          projectionType: ProjectionType.ALL,
        },
        {
          // Entries of a day, of all accounts, for reports.
          indexName: 'byDay',
          partitionKey: text('bookedShard'),
          sortKey: text('bookedAt'),
          projectionType: ProjectionType.ALL,
        },
      ],
    }),
    /** First answers by account and trace id, for as long as a client may retry. */
    idempotency: new TableV2(scope, 'Idempotency', { ...kept, timeToLiveAttribute: 'expiresAt' }),
    /**
     * What was done and what was refused, under its account: events (`EVENT#…`), in the order of time; and calls that changed
     * nothing, the same under `CALLS#<account>`, or `CALLS#<person>` of staff. Appended and never changed; calls end by `expiresAt`.
     */
    audit: new TableV2(scope, 'Audit', {
      ...kept,
      sortKey: text('sk'),
      timeToLiveAttribute: 'expiresAt',
      dynamoStream: StreamViewType.NEW_IMAGE,
      globalSecondaryIndexes: [
        {
          // What was done with a key, or by a person.
          indexName: 'byActor',
          partitionKey: text('actorId'),
          sortKey: text('sk'),
          projectionType: ProjectionType.ALL,
        },
        {
          // The call that was answered with a request's id.
          indexName: 'byRequest',
          partitionKey: text('requestId'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    }),
    /**
     * The seals that chain an account's events (`SEAL#…`), and the head of the chain (`HEAD`). Apart from the events, because
     * IAM tells tables from each other and no sort keys: every function writes events, and one writes seals.
     */
    seals: new TableV2(scope, 'Seals', { ...kept, sortKey: text('sk') }),
  };
}
