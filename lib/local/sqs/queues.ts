/** Queues: their rows, addresses and attributes. */
import type { DatabaseSync } from 'node:sqlite';
import { atomically } from '../database.ts';
import type { CloudContext } from '../service.ts';
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

  /** Removes the queue with its messages. */
  remove(name: string): void {
    atomically(this.#database, () => {
      for (const rows of ['sqs_messages WHERE queue', 'sqs_turns WHERE queue', 'sqs_queues WHERE name'])
        this.#database.prepare(`DELETE FROM ${rows} = ?`).run(name);
    });
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

// The attributes of a queue: their limits and defaults, by AWS's table of SetQueueAttributes. Pure.

export type Attributes = Readonly<Record<string, string>>;

/** Numbers, in seconds or bytes: least, most, default. */
const NUMBERS: Readonly<Record<string, readonly [least: number, most: number, usual: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, 300],
};
/** Taken as they are; encryption is a label here. A Policy is the template's alone (queue-resource.ts). */
const TEXTS = ['RedrivePolicy', 'RedriveAllowPolicy', 'SqsManagedSseEnabled', 'KmsMasterKeyId'];

export const SETTABLE: readonly string[] = [...Object.keys(NUMBERS), ...TEXTS];

const DEFAULTS: Attributes = {
  ...Object.fromEntries(
    Object.entries(NUMBERS)
      .filter(([name]) => !name.startsWith('Kms'))
      .map(([name, [, , usual]]) => [name, String(usual)]),
  ),
  SqsManagedSseEnabled: 'true',
};

interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Throws InvalidAttributeName or InvalidAttributeValue for what SQS would not set. */
export function checkAttributes(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!SETTABLE.includes(name)) throw refusal('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const [least, most] = NUMBERS[name] ?? [];
    if (least === undefined || most === undefined) continue;
    if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most) {
      throw refusal('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
  redrivePolicy(attributes);
}

/** Where messages go that were received too often; undefined where they stay. Throws InvalidParameterValue. */
export function redrivePolicy({ RedrivePolicy: json = '' }: Attributes): RedrivePolicy | undefined {
  if (json === '') return undefined;
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
  try {
    policy = JSON.parse(json) as typeof policy;
  } catch {
    throw refusal(
      'InvalidAttributeValue',
      'Invalid value for the parameter RedrivePolicy. Reason: Amazon SQS cannot parse it as JSON.',
    );
  }
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (typeof policy.deadLetterTargetArn !== 'string' || !(maxReceiveCount >= 1 && maxReceiveCount <= 1000)) {
    throw refusal(
      'InvalidAttributeValue',
      `Value ${json} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount or deadLetterTargetArn.`,
    );
  }
  return { deadLetterTargetArn: policy.deadLetterTargetArn, maxReceiveCount };
}

/** Whether a queue with these attributes lets `sourceArn` send its dead letters to it. */
export function takesDeadLettersOf({ RedriveAllowPolicy: json = '' }: Attributes, sourceArn: string): boolean {
  if (json === '') return true;
  const policy = JSON.parse(json) as { redrivePermission?: string; sourceQueueArns?: readonly string[] };
  if (policy.redrivePermission === 'byQueue') return policy.sourceQueueArns?.includes(sourceArn) ?? false;
  return policy.redrivePermission !== 'denyAll';
}
