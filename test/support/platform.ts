/** The running platform, as the journeys use it: the same boot as `npm start`, on free ports and a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { invoke, openAccount } from '../../bin/local/seed.ts';
import { synthesise } from '../../bin/local/synthesis.ts';
import { utcDay } from '../../functions/data/day-shard.ts';
import { dayKey } from '../../functions/data/item-keys.ts';
import { LocalCloud } from '../../lib/local/cloud.ts';
import { ApiClient } from './api-client.ts';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Customer {
  readonly accountId: string;
  readonly keyId: string;
  readonly api: ApiClient;
}

let shared: Promise<Platform> | undefined;

export class Platform {
  readonly cloud: LocalCloud;
  readonly dataDir: string;
  readonly #documents: DynamoDBDocumentClient;

  private constructor(cloud: LocalCloud, dataDir: string) {
    this.cloud = cloud;
    this.dataDir = dataDir;
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.client));
  }

  /** `context` are settings of the stage, as for `cdk synth -c`. */
  static async start(context: Readonly<Record<string, string>> = {}): Promise<Platform> {
    const assembly = await synthesise(ROOT, context);
    const dataDir = mkdtempSync(join(tmpdir(), 'mutoscope-journey-'));
    return new Platform(await LocalCloud.start({ assembly, dataDir, port: 0 }), dataDir);
  }

  /**
   * The platform of this process, for the journeys that need no more than accounts of their own: they run one after another
   * in it, so nobody else is at work on it. It ends with the process.
   */
  static shared(): Promise<Platform> {
    shared ??= Platform.start().then(platform => {
      const end = (): void => void platform.stop().finally(() => process.kill(process.pid, 'SIGKILL'));
      // How the test runner ends its processes, how a terminal does, and what is seen where the runner was killed.
      for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, end);
      return platform;
    });
    return shared;
  }

  async stop(): Promise<void> {
    this.#documents.destroy();
    await this.cloud.dispose();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** A new account on a plan, with a key. */
  async customer(
    wanted: { plan?: string; credits?: number; owner?: { subject: string; email: string } } = {},
  ): Promise<Customer> {
    const { plan = 'scale', credits = 100_000, owner } = wanted;
    const opened = { name: 'journey', plan, credits, ...(owner && { owner }) };
    const { accountId, keyId, apiKey } = await openAccount(this.cloud, opened);
    return { accountId, keyId, api: new ApiClient(this.cloud.apiUrl, apiKey) };
  }

  /** Invokes an operator's function by the name of its stack output. */
  operate<Result>(output: string, event: unknown): Promise<Result> {
    return invoke<Result>(this.cloud, output, event);
  }

  /** An output of the stacks, such as `MediaBucket`. */
  output(name: string): string {
    const found = Object.entries(this.cloud.provisioned.outputs).find(([key]) => key.endsWith(`.${name}`));
    if (!found) throw new Error(`no output ${name}`);
    return found[1];
  }

  /** The physical name of a table: `Core`, `Jobs`, `Ledger` or `Idempotency`. */
  table(noun: string): string {
    return this.output(`${noun}Table`);
  }

  /** All items of an account in a table whose partition key is the account's id. */
  async items<Item>(table: string, accountId: string): Promise<Item[]> {
    const items: Item[] = [];
    const query = {
      TableName: this.table(table),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': accountId },
    };
    for await (const page of paginateQuery({ client: this.#documents }, { ...query, ConsistentRead: true })) {
      items.push(...((page.Items ?? []) as Item[]));
    }
    return items;
  }

  /** Sets how many videos the account has started on this UTC day. */
  async setDayCount(accountId: string, generations: number): Promise<void> {
    const Item = { ...dayKey(accountId, utcDay(Date.now())), generations };
    await this.#documents.send(new PutCommand({ TableName: this.table('Core'), Item }));
  }

  /** Everything in a table. */
  async everything(table: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    for await (const page of paginateScan({ client: this.#documents }, { TableName: this.table(table) }))
      items.push(...(page.Items ?? []));
    return items;
  }
}
