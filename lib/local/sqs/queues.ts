/** Queues: their rows, addresses and attributes. */
import type { DatabaseSync } from 'node:sqlite';
import type { CloudContext } from '../service.ts';
import { type Attributes, DEFAULTS, redrivePolicy } from './queue-attributes.ts';
import { refusal } from './sqs-error.ts';

export interface Queue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly attributes: Attributes;
  readonly tags: Attributes;
  /** Epoch ms, as all times here. */
  readonly created: number;
  readonly modified: number;
  readonly purged: number | undefined;
}

export class Queues {
  readonly #database: DatabaseSync;
  readonly #context: CloudContext;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#database = context.database;
  }

  urlOf(name: string): string {
    return `${this.#context.awsUrl}/${this.#context.accountId}/${name}`;
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#context.region}:${this.#context.accountId}:${name}`;
  }

  /** The name in a queue URL, which needs no more of it than `/<account>/<name>`; throws QueueDoesNotExist. */
  nameIn(url: string): string {
    const [, account, name] = /\/([^/]+)\/([^/]+)\/?$/.exec(url) ?? [];
    if (name === undefined || account !== this.#context.accountId) throw refusal('QueueDoesNotExist');
    return name;
  }

  /** The queue; throws QueueDoesNotExist. */
  get(name: string): Queue {
    const queue = this.find(name);
    if (!queue) throw refusal('QueueDoesNotExist');
    return queue;
  }

  find(name: string): Queue | undefined {
    const row = this.#database.prepare('SELECT * FROM sqs_queues WHERE name = ?').get(name);
    return row && this.#read(row);
  }

  /** By ARN, of this account and region. */
  withArn(arn: string): Queue | undefined {
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    return this.arnOf(name) === arn ? this.find(name) : undefined;
  }

  /** By name. */
  all(): readonly Queue[] {
    const rows = this.#database.prepare('SELECT * FROM sqs_queues ORDER BY name').all();
    return rows.map(row => this.#read(row));
  }

  /** The queues whose dead letters go to `queue`. */
  deadLetterSources(queue: Queue): readonly Queue[] {
    return this.all().filter(({ attributes }) => redrivePolicy(attributes)?.deadLetterTargetArn === queue.arn);
  }

  /** Makes the queue, or gives an existing one these attributes and tags; its messages stay. */
  configure(name: string, attributes: Attributes, tags: Attributes, now: number): void {
    this.#database
      .prepare(
        `INSERT INTO sqs_queues (name, attributes, tags, created, modified) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT (name) DO UPDATE SET attributes = ?2, tags = ?3,
           modified = CASE WHEN attributes = ?2 THEN modified ELSE ?4 END`,
      )
      .run(name, JSON.stringify({ ...DEFAULTS, ...attributes }), JSON.stringify(tags), now);
  }

  setPurged(name: string, now: number): void {
    this.#database.prepare('UPDATE sqs_queues SET purged = ? WHERE name = ?').run(now, name);
  }

  #read(row: Record<string, unknown>): Queue {
    const name = String(row.name);
    return {
      name,
      url: this.urlOf(name),
      arn: this.arnOf(name),
      attributes: JSON.parse(String(row.attributes)) as Attributes,
      tags: JSON.parse(String(row.tags)) as Attributes,
      created: Number(row.created),
      modified: Number(row.modified),
      purged: row.purged === null ? undefined : Number(row.purged),
    };
  }
}

/** A number among the queue's attributes. */
export function numberOf(queue: Queue, name: string): number {
  return Number(queue.attributes[name]);
}
