/** The mappings of the template. They run from `start` on, when every function, stream and policy is made. */
import { createHash } from 'node:crypto';
import { AwsError, type CloudContext, type ResourceType } from '../../service.ts';
import type { Functions } from '../functions.ts';
import type { Invoker } from '../invoker.ts';
import { type Mapping, readMapping } from './mapping.ts';
import { Poller, type PollerParts } from './poller.ts';
import { Checkpoints } from './reader.ts';

const ON_STREAM = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'].map(name => `dynamodb:${name}`);

export class EventSources {
  readonly #parts: PollerParts;
  readonly #pollers = new Map<string, Poller>();
  #started = false;

  constructor(context: CloudContext, functions: Functions, invoker: Invoker) {
    this.#parts = { context, functions, invoker, checkpoints: new Checkpoints(context.database) };
  }

  get resourceType(): ResourceType {
    const { region, accountId } = this.#parts.context;
    return {
      identify({ name }) {
        const id = stableUuid(name);
        const arn = `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${id}`;
        return { ref: id, attributes: { Id: id, EventSourceMappingArn: arn } };
      },
      apply: async resource => {
        const mapping = readMapping(resource);
        this.#pollers.get(mapping.id)?.stop();
        const poller = new Poller(mapping, this.#parts);
        this.#pollers.set(mapping.id, poller);
        if (this.#started) await this.#run(poller);
      },
      remove: ({ ref }) => {
        this.#pollers.get(ref)?.stop();
        this.#pollers.delete(ref);
        this.#parts.checkpoints.forget(ref);
      },
      made: () => [...this.#pollers.keys()],
      immutable: ['EventSourceArn', 'StartingPosition', 'StartingPositionTimestamp'],
    };
  }

  /** By id. */
  all(): readonly Poller[] {
    return [...this.#pollers.values()].sort((a, b) => (a.mapping.id < b.mapping.id ? -1 : 1));
  }

  /** Throws ResourceNotFoundException. */
  find(id: string): Poller {
    const found = this.#pollers.get(id);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }

  /** Throws where the role of a function may not read its stream: AWS would not make such a mapping. */
  async start(): Promise<void> {
    this.#started = true;
    for (const poller of this.#pollers.values()) await this.#run(poller);
  }

  stop(): void {
    for (const poller of this.#pollers.values()) poller.stop();
  }

  async #run(poller: Poller): Promise<void> {
    this.#requireGrants(poller.mapping);
    if (poller.mapping.enabled) await poller.start();
  }

  #requireGrants({ logicalId, functionName, streamArn, onFailure }: Mapping): void {
    const { iam } = this.#parts.context;
    const { role: principal, name } = this.#parts.functions.find(functionName).definition;
    const needed = ON_STREAM.map(action => ({ action, resource: streamArn }));
    if (onFailure !== undefined) needed.push({ action: 'sqs:SendMessage', resource: onFailure });
    const missing = needed.filter(
      // Loopback stands for TLS, which a queue's usual policy asks for.
      call => !iam.allows({ ...call, principal, context: { 'aws:SecureTransport': 'true' } }),
    );
    if (missing.length === 0) return;
    const lines = missing.map(({ action, resource }) => `${action} on ${resource}`);
    throw new Error(`${logicalId}: the role of ${name} needs to be granted ${lines.join(', ')}`);
  }
}

/** The same at every start for the same name. */
function stableUuid(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex');
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
