/**
 * All that a call could have changed, anywhere; the nightly export of a day, which falls due while tests run, is
 * nobody's call. Reading it charges nothing and starts nothing.
 */
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Platform } from './platform.ts';

type Item = Record<string, unknown>;

export interface World {
  readonly core: Item[];
  readonly jobs: Item[];
  readonly ledger: Item[];
  readonly idempotency: Item[];
  readonly objects: unknown[];
  readonly executions: number;
}

export async function worldOf(platform: Platform): Promise<World> {
  const s3 = new S3Client(platform.cloud.client);
  const states = new SFNClient(platform.cloud.client);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: platform.output('MediaBucket') }));
  const { executions = [] } = await states.send(
    new ListExecutionsCommand({ stateMachineArn: platform.output('StateMachineArn') }),
  );
  const core = await platform.everything('Core');
  const nightly = ({ pk, sk }: Item): boolean => String(pk).startsWith('FINANCE#') && String(sk).startsWith('DAY#');
  // What is noted of how accounts are used follows every call, some time later.
  const noted = ({ pk, sk, type }: Item): boolean =>
    /^(?:USE|CASE)#/.test(String(sk)) || /^CASE(?:#|S_)/.test(String(pk)) || type === 'account.case_opened';
  return {
    core: core.filter(item => !nightly(item) && !noted(item)),
    jobs: (await platform.everything('Jobs')).filter(item => !noted(item)),
    ledger: await platform.everything('Ledger'),
    idempotency: await platform.everything('Idempotency'),
    objects: Contents.map(({ Key }) => Key),
    executions: executions.length,
  };
}
