/**
 * A data folder through kills: `npm start` on it is killed while it starts, is used or stops, and must start again on what
 * that left, with the account and key it had, its books in balance, and every job once that was asked for.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { isOpen } from '../../functions/catalogue/job-states.ts';
import { balanceOf, type Entry } from '../../functions/credits/ledger.ts';
import type { Job } from '../../functions/generation/job.ts';
import { SMALL } from './api-client.ts';
import { tablesOf } from './local-tables.ts';
import { picture } from './pictures.ts';
import { descendantsOf, isAlive } from './processes.ts';
import { Started } from './start.ts';

export const MOMENTS = ['start', 'use', 'stop'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Longer than a start takes on a machine of two cores that has nothing else to do. */
const START_MS = 3_000;
const USE_MS = 2_500;
const STOP_MS = 800;
const CALLERS = 4;

export class CrashCourse {
  readonly #dataDir: string;
  /** 0 to 1. */
  readonly #random: () => number;
  #running: Started | undefined;
  #known: { accountId: string; apiKey: string } | undefined;
  /** Jobs that were asked for, by their trace id; whether they were heard to be accepted. */
  readonly #asked = new Map<string, { readonly seed: number; id: number | undefined }>();
  /** From the launch to ready, of each start after a kill. */
  readonly startMs: number[] = [];

  constructor(dataDir: string, random: () => number) {
    this.#dataDir = dataDir;
    this.#random = random;
  }

  get jobs(): number {
    return this.#asked.size;
  }

  /** Kills it at a random time of this moment, and all that it started ends. */
  async kill(moment: Moment): Promise<void> {
    if (moment === 'start') {
      await this.#stop();
      const launched = Started.launch(this.#dataDir);
      // At any time of it: a machine that is busy starts slower.
      await pause(this.#random() * Math.max(START_MS, this.startMs.at(-1) ?? 0));
      return this.#end(launched);
    }
    const running = this.#running ?? (await this.start());
    const over = new AbortController();
    const callers = Array.from({ length: CALLERS }, () => this.#use(running, over.signal));
    await pause(this.#random() * USE_MS);
    if (moment === 'stop') {
      running.child.kill('SIGTERM');
      await pause(this.#random() * STOP_MS);
    }
    await this.#end(running);
    over.abort();
    await Promise.all(callers);
  }

  /** Starts on what is there, and checks it. */
  async start(): Promise<Started> {
    const began = performance.now();
    const running = await Started.start(this.#dataDir);
    this.startMs.push(performance.now() - began);
    this.#running = running;
    const { accountId, apiKey } = running.local;
    expect((await running.api.send('GET', '/openapi/v2/account/balance')).status).toBe(200);
    // Whoever has read the file of an earlier start goes on with what stands in it.
    if (this.#known) expect({ accountId, apiKey }).toEqual(this.#known);
    this.#known = { accountId, apiKey };
    // A caller who heard nothing asks again, with the same trace id.
    for (const [trace, asked] of this.#asked) {
      if (asked.id === undefined) asked.id = await this.#generate(running, trace, asked.seed);
    }
    await this.#check(running);
    return running;
  }

  /** Waits for every job, checks all once more, and stops in order. Answers how the jobs ended. */
  async finish(withinMs: number): Promise<Record<string, number>> {
    const running = this.#running ?? (await this.start());
    for (const { id } of this.#asked.values()) await running.api.ended(id ?? 0, withinMs);
    const { account, jobs } = await this.#check(running);
    expect(account).toMatchObject({ held: 0, running: 0 });
    await this.#stop();
    const states = Object.groupBy(jobs, ({ state }) => state);
    return Object.fromEntries(Object.entries(states).map(([state, those]) => [state, those.length]));
  }

  /** Ends what runs, without a word. */
  async abandon(): Promise<void> {
    if (this.#running) await this.#end(this.#running);
  }

  async #stop(): Promise<void> {
    const code = await this.#running?.end('SIGTERM');
    this.#running = undefined;
    if (code !== undefined) expect(code).toBe(0);
  }

  async #end(running: Started): Promise<void> {
    const processes = descendantsOf(running.child.pid ?? 0);
    await running.end('SIGKILL');
    this.#running = undefined;
    await expect.poll(() => processes.filter(({ pid }) => isAlive(pid)), { timeout: 15_000 }).toEqual([]);
  }

  /** Calls until it is killed: what a call answers or whether it is cut off is of no interest but for jobs. */
  async #use(running: Started, over: AbortSignal): Promise<void> {
    const { api } = running;
    while (!over.aborted && running.child.exitCode === null && running.child.signalCode === null) {
      try {
        const share = this.#random();
        if (share < 0.3) {
          const trace = randomUUID();
          const asked = { seed: this.#asked.size, id: undefined as number | undefined };
          this.#asked.set(trace, asked);
          asked.id = await this.#generate(running, trace, asked.seed);
        } else if (share < 0.6) await api.upload(await picture(64, 64));
        else if (share < 0.8) await api.send('GET', '/v1/videos');
        else await api.balance();
      } catch {
        await pause(50);
      }
    }
  }

  /** The job's id; undefined where it was not accepted, such as by a platform that is stopping. */
  async #generate({ api }: Started, trace: string, seed: number): Promise<number | undefined> {
    const { ErrCode, Resp } = await api.generate({ ...SMALL, seed }, { 'Ai-trace-id': trace });
    return ErrCode === 0 ? Resp.video_id : undefined;
  }

  /** The ledger is the account's balance, and jobs and holds are one for each that was accepted. */
  async #check({ local }: Started): Promise<{ account: Account; jobs: Job[] }> {
    const { awsEndpoints, region, credentials, accountId } = local;
    const client = { endpoint: awsEndpoints.dynamodb ?? '', region, credentials };
    const tables = await tablesOf(client);
    const dynamodb = new DynamoDBClient(client);
    const documents = DynamoDBDocumentClient.from(dynamodb);
    const all = async <Item>(TableName: string, pk: string): Promise<Item[]> => {
      const items: Item[] = [];
      const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
      for await (const { Items = [] } of paginateQuery({ client: documents }, { ...query, ConsistentRead: true }))
        items.push(...(Items as Item[]));
      return items;
    };
    // While it runs jobs end: what is compared is read until it holds still.
    for (let look = 0; ; look++) {
      const before = await all<Account & { sk: string }>(tables.core, `ACCOUNT#${accountId}`);
      const [entries, items] = [
        await all<Entry>(tables.ledger, accountId),
        await all<Job & { sk: string }>(tables.jobs, accountId),
      ];
      const after = await all<Account & { sk: string }>(tables.core, `ACCOUNT#${accountId}`);
      const account = after.find(({ sk }) => sk === 'ACCOUNT');
      if (!account) throw new Error(`no account ${accountId}`);
      const still = JSON.stringify(before.find(({ sk }) => sk === 'ACCOUNT')) === JSON.stringify(account);
      if (!still && look < 50) continue;
      const jobs = items.filter(({ sk }) => sk.startsWith('JOB#'));
      expect(balanceOf(entries)).toEqual({ available: account.available, held: account.held });
      expect(entries.filter(({ kind }) => kind === 'hold')).toHaveLength(jobs.length);
      expect(account.running).toBe(jobs.filter(({ state }) => isOpen(state)).length);
      const accepted = [...this.#asked.values()].flatMap(({ id }) => (id === undefined ? [] : [id]));
      expect(jobs.map(({ jobId }) => jobId).sort()).toEqual(accepted.sort());
      dynamodb.destroy();
      return { account, jobs };
    }
  }
}
