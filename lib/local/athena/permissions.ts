/**
 * What a query does is done by its caller: Athena reads the catalog, the data and writes the result with the caller's own
 * permissions. A missing one fails the query, by the name of its action.
 */
import type { CatalogTable } from '../glue/catalog.ts';
import { type AwsError, type CloudContext, denyAccess } from '../service.ts';
import type { Partition } from './partitions.ts';
import { QueryFailure } from './statement.ts';

/** A check takes some microseconds for each statement of the caller's policies. */
const AT_A_TIME = 200;

export class Caller {
  readonly #context: CloudContext;
  readonly #principal: string;

  constructor(context: CloudContext, principal: string) {
    this.#context = context;
    this.#principal = principal;
  }

  /** Glue asks for the resource and for all above it. */
  mayReadDatabase(database: string): void {
    for (const resource of ['catalog', `database/${database}`]) this.#glue('glue:GetDatabase', resource);
  }

  mayReadTable({ database, name, partitionKeys, projection }: CatalogTable): void {
    const actions = ['glue:GetTable', ...(partitionKeys.length > 0 && !projection ? ['glue:GetPartitions'] : [])];
    for (const action of actions) {
      for (const resource of ['catalog', `database/${database}`, `table/${database}/${name}`]) {
        this.#glue(action, resource);
      }
    }
  }

  async mayReadData(bucket: string, partitions: readonly Partition[]): Promise<void> {
    await inTurns(partitions, AT_A_TIME, ({ prefix }) =>
      this.#s3('s3:ListBucket', bucket, '', { 's3:prefix': prefix }),
    );
    const objects = partitions.flatMap(partition => partition.objects);
    await inTurns(objects, AT_A_TIME, ({ key }) => this.#s3('s3:GetObject', bucket, key));
  }

  mayWriteResult(bucket: string, key: string): void {
    try {
      this.#s3('s3:PutObject', bucket, key);
    } catch (error) {
      const why = (error as Error).message;
      throw new QueryFailure(`Access denied when writing output to url: s3://${bucket}/${key} . ${why}`);
    }
  }

  #glue(action: string, resource: string): void {
    const { region, accountId } = this.#context;
    this.#need(
      action,
      `arn:aws:glue:${region}:${accountId}:${resource}`,
      {},
      'Insufficient permissions to execute the query.',
    );
  }

  #s3(action: string, bucket: string, key: string, conditions: Record<string, string> = {}): void {
    const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
    this.#need(action, resource, conditions, `Permission denied on S3 path: s3://${bucket}/${key} .`);
  }

  #need(action: string, resource: string, conditions: Record<string, string>, opening: string): void {
    // Loopback stands for TLS, as in S3 itself.
    const context = { 'aws:SecureTransport': 'true', 'aws:CalledVia': 'athena.amazonaws.com', ...conditions };
    if (this.#context.iam.allows({ principal: this.#principal, action, resource, context })) return;
    try {
      denyAccess(this.#principal, action, resource);
    } catch (error) {
      throw new QueryFailure(`${opening} ${(error as AwsError).message}`);
    }
  }
}

/** Does `work` with each item in order, so many in one go before others of this process get their turn. */
export async function inTurns<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T, n: number) => R,
): Promise<R[]> {
  const done: R[] = [];
  for (const [n, item] of items.entries()) {
    done.push(work(item, n));
    if (n % atATime === atATime - 1) await new Promise(setImmediate);
  }
  return done;
}
