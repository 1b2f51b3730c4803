/**
 * What a contract's `uses` and `settings` are in this deployment: each use is the variable that names the resource and
 * the grants on it. Adding a resource that functions may use is a row here and a member of Uses.
 */
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Setting, Uses as UsesByResource } from '../../functions/http/route.ts';
import { engineSettings, pricingSettings, type Stage } from '../stage.ts';
import { exportable } from './account-exports.ts';
import { startable, stoppable } from './generation-machine.ts';
import { sender } from './mail.ts';
import type { Reports } from './reports.ts';
import { monthsClosed, queried } from './reports-catalog.ts';
import type { Tables } from './tables.ts';
import { usagePlanPrefix } from './usage-plans.ts';
import {
  accountObjects,
  holdable,
  invoked,
  measured,
  purgeable,
  secret,
  type TableAction,
  table,
  type Uses,
} from './use.ts';

export interface Resources {
  readonly tables: Tables;
  readonly media: Bucket;
  readonly documents: Bucket;
  readonly invoices: Bucket;
  readonly accountExports: Bucket;
  readonly exportMachine: StateMachine;
  readonly machine: StateMachine;
  readonly queue: Queue;
  readonly reports: Reports;
  readonly stripeKeys: Secret;
  readonly offenderKey: Secret;
  readonly exportDay: LambdaFunction;
}

type Row<Actions> = (
  actions: Actions,
  resources: Resources,
  context: { readonly stage: Stage; readonly scope: Construct },
) => { readonly uses?: Uses; readonly settings?: Readonly<Record<string, string>> };

/** `Query byTime` is a query of that index, `Query` one of the table. */
const tableRow =
  (name: keyof Tables): Row<readonly string[]> =>
  (actions, { tables }) => {
    const indexes = actions.flatMap(action => /^Query (\w+)$/.exec(action)?.[1] ?? []);
    const own = actions.filter(action => !action.startsWith('Query ')) as TableAction[];
    return { uses: { [`${name.toUpperCase()}_TABLE`]: table(tables[name], own, indexes) } };
  };

const ROWS: { readonly [Name in keyof UsesByResource]-?: Row<NonNullable<UsesByResource[Name]>> } = {
  core: tableRow('core'),
  jobs: tableRow('jobs'),
  ledger: tableRow('ledger'),
  idempotency: tableRow('idempotency'),
  audit: tableRow('audit'),
  media: (actions, { media: bucket }) => ({ uses: { MEDIA_BUCKET: accountObjects(bucket, actions) } }),
  documents: (actions, { documents: bucket }) => ({ uses: { DOCUMENTS_BUCKET: accountObjects(bucket, actions) } }),
  invoices: (actions, { invoices: bucket }) => ({ uses: { INVOICES_BUCKET: accountObjects(bucket, actions) } }),
  accountExports: (actions, { accountExports: bucket }) => ({
    uses: { ACCOUNT_EXPORTS_BUCKET: accountObjects(bucket, actions) },
  }),
  exportRuns: (_, { exportMachine }) => ({ uses: { EXPORT_MACHINE_ARN: exportable(exportMachine) } }),
  mediaVersions: (_, { media: bucket }) => ({ uses: { MEDIA_BUCKET: purgeable(bucket) } }),
  generations: ([action], { machine }) => ({
    uses: { STATE_MACHINE_ARN: action === 'start' ? startable(machine) : stoppable(machine) },
  }),
  queue: (_, { queue }) => ({ uses: { QUEUE_URL: measured(queue) } }),
  mail: (_, __, { scope, stage }) => ({ uses: { MAIL_FROM: sender(scope, stage) } }),
  stripe: (_, { stripeKeys }, { stage }) => ({
    uses: { STRIPE_SECRET_ARN: secret(stripeKeys) },
    settings: { STRIPE_API_URL: stage.stripeApiUrl },
  }),
  reports: ([action], { reports }) => ({
    uses:
      action === 'query' ? queried(reports.catalog, reports.bucket) : { REPORTS_BUCKET: monthsClosed(reports.bucket) },
  }),
  holds: (_, { media, documents }) => ({
    uses: { MEDIA_BUCKET: holdable(media), DOCUMENTS_BUCKET: holdable(documents) },
  }),
  offenders: (_, { offenderKey }) => ({ uses: { OFFENDER_KEY_ARN: secret(offenderKey) } }),
  exports: (_, { exportDay }) => ({ uses: { EXPORT_FUNCTION: invoked(exportDay) } }),
  // Its grant is a policy that stands alone: see letJoin.
  usagePlans: (_, __, { stage }) => ({ settings: { USAGE_PLANS: usagePlanPrefix(stage.name) } }),
};

const SETTINGS: Readonly<Record<Setting, (stage: Stage) => Readonly<Record<string, string>>>> = {
  IMAGE_SOURCE_ALLOW: ({ trustedImageHosts }) => ({ IMAGE_SOURCE_ALLOW: trustedImageHosts.join(',') }),
  ENGINE: engineSettings,
  REFUSED_REGIONS: ({ refusedRegions }) => ({ REFUSED_REGIONS: refusedRegions.join(',') }),
  PACKAGE_PRICES: pricingSettings,
  CHECKOUT_RETURN_URL: ({ checkoutReturnUrl }) => ({ CHECKOUT_RETURN_URL: checkoutReturnUrl }),
};

/** What a function that uses this is given. */
export function resolveUses(
  uses: UsesByResource,
  settings: readonly Setting[],
  resources: Resources,
  context: { readonly stage: Stage; readonly scope: Construct },
): { readonly uses: Uses; readonly settings: Readonly<Record<string, string>> } {
  const names = Object.keys(uses) as (keyof UsesByResource)[];
  const found = names.map(name => (ROWS[name] as Row<unknown>)(uses[name], resources, context));
  return {
    uses: Object.assign({}, ...found.map(row => row.uses)),
    settings: Object.assign(
      {},
      ...found.map(row => row.settings),
      ...settings.map(name => SETTINGS[name](context.stage)),
    ),
  };
}
