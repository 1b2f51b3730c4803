/**
 * The messages of queues. Each method is meant to run inside the caller's transaction, so a receive takes a message once:
 * it is in flight before anybody else can look.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { MessageAttributes } from './message-attributes.ts';
import { numberOf, type Queue } from './queues.ts';

/** As long as AWS: a tenant that was not served for five minutes is quiet again. */
const TURN_REMEMBERED_MS = 5 * 60_000;

export interface Message {
  readonly seq: number;
  readonly queue: string;
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly trace: string | undefined;
  /** The message group; '' for none. */
  readonly tenant: string;
  readonly sender: string;
  /** Epoch ms, as all times here. */
  readonly sent: number;
  readonly ready: boolean;
  readonly visibleAt: number;
  readonly receives: number;
  readonly firstReceived: number;
  readonly lastReceived: number;
  /** The nonce of the latest receive. */
  readonly receipt: string;
  /** ARN of the queue whose dead letter it is. */
  readonly deadFrom: string | undefined;
}

export type NewMessage = Pick<Message, 'body' | 'attributes' | 'trace' | 'tenant' | 'sender'>;

export class Messages {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Adds a message that becomes visible at `visibleAt`; answers its id. */
  add(queue: Queue, message: NewMessage, now: number, visibleAt: number): string {
    const id = randomUUID();
    const { body, attributes, trace, tenant, sender } = message;
    this.#run(
      `INSERT INTO sqs_messages (queue, id, body, attributes, trace, tenant, sender, sent, ready, visible_at, receives)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
      queue.name,
      id,
      body,
      JSON.stringify(attributes),
      trace ?? null,
      tenant,
      sender,
      now,
      visibleAt <= now ? 1 : 0,
      visibleAt,
    );
    return id;
  }

  /** Lets time take effect: drops what is past its retention, makes ready what is due. */
  settle(queue: Queue, now: number): void {
    const oldest = now - numberOf(queue, 'MessageRetentionPeriod') * 1000;
    this.#run('DELETE FROM sqs_messages WHERE queue = ? AND sent <= ?', queue.name, oldest);
    this.#run('UPDATE sqs_messages SET ready = 1 WHERE queue = ? AND ready = 0 AND visible_at <= ?', queue.name, now);
    this.#run('DELETE FROM sqs_turns WHERE queue = ? AND served < ?', queue.name, now - TURN_REMEMBERED_MS);
  }

  /** The next messages that are ready, in the order of delivery; after `settle`. */
  next(queue: Queue, most: number): Message[] {
    const seqs = fairOrder(this.#heads(queue.name), most, (tenant, after) => this.#oldest(queue.name, tenant, after));
    return seqs.map(seq => read(this.#database.prepare('SELECT * FROM sqs_messages WHERE seq = ?').get(seq) ?? {}));
  }

  /** Marks a message received: in flight until `visibleAt`. */
  take(message: Message, now: number, visibleAt: number): Message {
    const receipt = randomBytes(12).toString('base64url');
    const firstReceived = message.receives === 0 ? now : message.firstReceived;
    this.#run(
      `UPDATE sqs_messages SET ready = ?, visible_at = ?, receives = receives + 1, first_received = ?, last_received = ?,
         receipt = ? WHERE seq = ?`,
      visibleAt <= now ? 1 : 0,
      visibleAt,
      firstReceived,
      now,
      receipt,
      message.seq,
    );
    if (message.tenant !== NO_GROUP) {
      this.#run(
        `INSERT OR REPLACE INTO sqs_turns (queue, tenant, turn, served)
         VALUES (?1, ?2, (SELECT coalesce(max(turn), 0) + 1 FROM sqs_turns WHERE queue = ?1), ?3)`,
        message.queue,
        message.tenant,
        now,
      );
    }
    return { ...message, receives: message.receives + 1, firstReceived, lastReceived: now, receipt };
  }

  /** Puts a message at the end of another queue. It keeps its id and its age; it counts as never received. */
  move(message: Message, to: Queue, now: number, deadFrom: string | undefined): void {
    this.#run('DELETE FROM sqs_messages WHERE seq = ?', message.seq);
    this.#run(
      `INSERT INTO sqs_messages (queue, id, body, attributes, trace, tenant, sender, sent, ready, visible_at, receives, dead_from)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, ?)`,
      to.name,
      message.id,
      message.body,
      JSON.stringify(message.attributes),
      message.trace ?? null,
      message.tenant,
      message.sender,
      message.sent,
      now,
      deadFrom ?? null,
    );
  }

  find(queue: Queue, id: string): Message | undefined {
    const row = this.#database.prepare('SELECT * FROM sqs_messages WHERE queue = ? AND id = ?').get(queue.name, id);
    return row && read(row);
  }

  remove(message: Message): void {
    this.#run('DELETE FROM sqs_messages WHERE seq = ?', message.seq);
  }

  setVisibleAt(message: Message, now: number, visibleAt: number): void {
    const ready = visibleAt <= now ? 1 : 0;
    this.#run('UPDATE sqs_messages SET ready = ?, visible_at = ? WHERE seq = ?', ready, visibleAt, message.seq);
  }

  clear(queue: Queue): void {
    this.#run('DELETE FROM sqs_messages WHERE queue = ?', queue.name);
  }

  /** When the next message that waits becomes visible; undefined where none waits. */
  nextDue(queue: string): number | undefined {
    const sql = 'SELECT min(visible_at) AS due FROM sqs_messages WHERE queue = ? AND ready = 0';
    const due = this.#database.prepare(sql).get(queue)?.due;
    return typeof due === 'number' ? due : undefined;
  }

  /** After `settle`. */
  count(queue: Queue): { visible: number; inFlight: number; delayed: number } {
    const sql = `SELECT count(*) FILTER (WHERE ready = 1) AS visible,
        count(*) FILTER (WHERE ready = 0 AND receives > 0) AS inFlight,
        count(*) FILTER (WHERE ready = 0 AND receives = 0) AS delayed FROM sqs_messages WHERE queue = ?`;
    const { visible, inFlight, delayed } = this.#database.prepare(sql).get(queue.name) ?? {};
    return { visible: Number(visible), inFlight: Number(inFlight), delayed: Number(delayed) };
  }

  /** The oldest ready message of every tenant that has one: one index step for each tenant, however long its backlog. */
  #heads(queue: string): Head[] {
    const next = this.#database.prepare(
      `SELECT tenant, min(seq) AS seq FROM sqs_messages WHERE queue = ?1 AND ready = 1 AND tenant =
         (SELECT min(tenant) FROM sqs_messages WHERE queue = ?1 AND ready = 1 AND tenant > ?2) GROUP BY tenant`,
    );
    const flying = this.#database.prepare(
      'SELECT count(*) AS n FROM sqs_messages WHERE queue = ? AND tenant = ? AND ready = 0 AND receives > 0',
    );
    const turns = this.#database.prepare('SELECT turn FROM sqs_turns WHERE queue = ? AND tenant = ?');
    const heads: Head[] = [];
    const ungrouped = this.#oldest(queue, NO_GROUP, 0);
    if (ungrouped !== undefined) heads.push({ tenant: NO_GROUP, seq: ungrouped, inFlight: 0, turn: 0 });
    for (let last = NO_GROUP; ; ) {
      const row = next.get(queue, last);
      if (!row) return heads;
      last = String(row.tenant);
      const [inFlight, turn] = [flying.get(queue, last)?.n, turns.get(queue, last)?.turn].map(Number);
      heads.push({ tenant: last, seq: Number(row.seq), inFlight: inFlight ?? 0, turn: turn || 0 });
    }
  }

  #oldest(queue: string, tenant: string, after: number): number | undefined {
    const sql = 'SELECT min(seq) AS seq FROM sqs_messages WHERE queue = ? AND ready = 1 AND tenant = ? AND seq > ?';
    const seq = this.#database.prepare(sql).get(queue, tenant, after)?.seq;
    return typeof seq === 'number' ? seq : undefined;
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#database.prepare(sql).run(...values);
  }
}

function read(row: Record<string, unknown>): Message {
  const optional = (value: unknown) => (value === null ? undefined : String(value));
  return {
    seq: Number(row.seq),
    queue: String(row.queue),
    id: String(row.id),
    body: String(row.body),
    attributes: JSON.parse(String(row.attributes)) as MessageAttributes,
    trace: optional(row.trace),
    tenant: String(row.tenant),
    sender: String(row.sender),
    sent: Number(row.sent),
    ready: row.ready === 1,
    visibleAt: Number(row.visible_at),
    receives: Number(row.receives),
    firstReceived: Number(row.first_received),
    lastReceived: Number(row.last_received),
    receipt: String(row.receipt),
    deadFrom: optional(row.dead_from),
  };
}

// Which messages a receive takes. SQS calls a tenant (a message group of a standard queue) noisy once it holds more than
// 10 % of what is in flight and at least 30 messages, or 10 % of recent processing time, and delivers noisy tenants'
// messages after all others. Here the rule is simpler and stricter: the tenant with the fewest messages in flight comes
// first, among equals the one that was served longest ago, and then the oldest message. So tenants take turns even where
// a single worker has nothing in flight whenever it asks: the effect that AWS documents, for one machine. A message without a group is a tenant of its own, with nothing in flight. Pure.

/** The tenant of messages without a group: it never counts as holding any. */
const NO_GROUP = '';

interface Head {
  readonly tenant: string;
  /** The oldest message that is ready. */
  readonly seq: number;
  /** How many messages the tenant has in flight. */
  readonly inFlight: number;
  /** Grows with each delivery of the queue: when the tenant was last served; 0 for one that was not, lately. */
  readonly turn: number;
}

/** Up to `most` messages in the order of delivery; `nextOf` answers the tenant's oldest ready message after another. */
function fairOrder(
  heads: readonly Head[],
  most: number,
  nextOf: (tenant: string, after: number) => number | undefined,
): number[] {
  const waiting = new Map(heads.map(head => [head.tenant, head]));
  const taken: number[] = [];
  while (taken.length < most && waiting.size > 0) {
    const first = [...waiting.values()].reduce((best, head) => (before(head, best) ? head : best));
    taken.push(first.seq);
    const next = nextOf(first.tenant, first.seq);
    if (next === undefined) waiting.delete(first.tenant);
    else
      waiting.set(first.tenant, {
        ...first,
        seq: next,
        ...(first.tenant !== NO_GROUP && { inFlight: first.inFlight + 1, turn: Number.POSITIVE_INFINITY }),
      });
  }
  return taken;
}

function before(one: Head, other: Head): boolean {
  if (one.inFlight !== other.inFlight) return one.inFlight < other.inFlight;
  return one.turn === other.turn ? one.seq < other.seq : one.turn < other.turn;
}
