/** What is done to one resource of a stack, with its events: made, changed in place or replaced, removed or left. */
import { setImmediate as turn } from 'node:timers/promises';
import { type ResourceTypes, resourceOf, typeNamed } from '../provision.ts';
import type { Resource } from '../service.ts';
import type { FunctionCode } from './function-code.ts';
import { newPhysicalName } from './physical-names.ts';
import type { Plan } from './plan.ts';
import type { ResourceRow, StackStore } from './stack-store.ts';

/** A resource could not be made, changed or removed; its events say why. */
export class ResourceFailed extends Error {
  readonly logicalId: string;

  constructor(logicalId: string, reason: string) {
    super(reason);
    this.logicalId = logicalId;
  }
}

export class ResourceWork {
  readonly #store: StackStore;
  readonly #types: ResourceTypes;
  readonly #code: FunctionCode;
  readonly #now: () => number;

  constructor(parts: { store: StackStore; types: ResourceTypes; code: FunctionCode; now: () => number }) {
    this.#store = parts.store;
    this.#types = parts.types;
    this.#code = parts.code;
    this.#now = parts.now;
  }

  /** The resource as the plan's template has it; undefined where its condition does not hold. */
  async read({ stack, scope }: Plan, logicalId: string): Promise<Resource | undefined> {
    const resource = resourceOf(stack, logicalId, scope);
    return resource && this.#code.of(resource);
  }

  async apply(resource: Resource): Promise<void> {
    await typeNamed(resource.type, this.#types)?.apply?.(resource);
    // Other calls are answered meanwhile.
    await turn();
  }

  keyOf(resource: Resource): string {
    return typeNamed(resource.type, this.#types)?.keyOf?.(resource) ?? resource.ref;
  }

  /** Makes the resource be what the template says. Throws ResourceFailed. Answers whether it is wanted at all. */
  async bring(plan: Plan, logicalId: string): Promise<boolean> {
    const before = plan.current.get(logicalId);
    const failed = before ? 'UPDATE_FAILED' : 'CREATE_FAILED';
    try {
      const resource = await this.read(plan, logicalId);
      if (!resource) return false;
      if (!before) await this.#make(plan, resource);
      else await this.#change(plan, before, resource);
      return true;
    } catch (error) {
      const { Type: type = '' } = plan.stack.template.Resources[logicalId] ?? {};
      const reason = reasonOf(error);
      const physicalId = before?.resource.ref ?? '';
      this.#store.addEvent(plan.row.id, { logicalId, physicalId, type, status: failed, reason, token: plan.token });
      throw new ResourceFailed(logicalId, reason);
    }
  }

  async #make(plan: Plan, resource: Resource): Promise<void> {
    const { logicalId, type } = resource;
    const name = plan.names.get(logicalId) ?? '';
    this.#say(plan, resource, 'CREATE_IN_PROGRESS', undefined, '');
    const key = this.keyOf(resource);
    const { DeletionPolicy = 'Delete' } = plan.stack.template.Resources[logicalId] ?? {};
    if (typeNamed(type, this.#types)?.made?.().includes(key)) {
      if (!plan.importing || DeletionPolicy === 'Delete' || this.#isOwned(resource))
        throw new Error(`Resource of type '${type}' with identifier '${key}' already exists.`);
      this.#store.unretain(type, key);
    }
    const row: ResourceRow = {
      stack: plan.row.id,
      logicalId,
      name,
      state: plan.update ? 'new' : 'current',
      status: 'CREATE_IN_PROGRESS',
      reason: undefined,
      at: this.#now(),
      resource,
      changed: false,
      policy: DeletionPolicy,
    };
    this.#store.putResource(row);
    this.#say(plan, resource, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
    await this.apply(resource);
    this.#store.putResource({ ...row, status: 'CREATE_COMPLETE' });
    plan.current.set(logicalId, row);
    this.#say(plan, resource, 'CREATE_COMPLETE');
  }

  /** Whether it is some stack's. */
  #isOwned(resource: Resource): boolean {
    return this.#store
      .live()
      .flatMap(({ id }) => this.#store.resources(id))
      .some(row => row.resource.type === resource.type && this.keyOf(row.resource) === this.keyOf(resource));
  }

  async #change(plan: Plan, before: ResourceRow, resource: Resource): Promise<void> {
    const { logicalId } = resource;
    const { DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' } =
      plan.stack.template.Resources[logicalId] ?? {};
    if (isSame(before.resource, resource)) {
      if (before.policy !== DeletionPolicy) this.#store.changeResource(before, { policy: DeletionPolicy });
      return;
    }
    if (this.replaces(before.resource, resource)) {
      const requested = 'Requested update requires the creation of a new physical resource; hence creating one.';
      this.#say(plan, before.resource, 'UPDATE_IN_PROGRESS', requested);
      plan.names.set(logicalId, newPhysicalName(plan.stack.name, logicalId));
      plan.scope.forget(logicalId);
      const other = (await this.read(plan, logicalId)) ?? resource;
      if (this.keyOf(other) === this.keyOf(before.resource) && typeNamed(other.type, this.#types)?.made) {
        const why = 'CloudFormation cannot update a stack when a custom-named resource requires replacing.';
        throw new Error(`${why} Rename ${this.keyOf(other)} and update the stack again.`);
      }
      await this.#make(plan, other);
      this.#store.changeResource(before, { state: 'old', policy: UpdateReplacePolicy });
      return;
    }
    this.#say(plan, resource, 'UPDATE_IN_PROGRESS');
    const noted = this.#store.changeResource(before, { changed: true, status: 'UPDATE_IN_PROGRESS' });
    await this.apply(resource);
    const done = { ...noted, resource, status: 'UPDATE_COMPLETE', policy: DeletionPolicy, at: this.#now() };
    this.#store.putResource(done);
    plan.current.set(logicalId, done);
    this.#say(plan, resource, 'UPDATE_COMPLETE');
  }

  /** How many of the rows stand for each thing. */
  keysOf(rows: readonly ResourceRow[]): Map<string, number> {
    const keys = rows.map(({ resource }) => `${resource.type} ${this.keyOf(resource)}`);
    return new Map([...Map.groupBy(keys, key => key)].map(([key, all]) => [key, all.length]));
  }

  /** Whether `after` can only stand in the place of `before` as another resource. */
  replaces(before: Resource, after: Resource): boolean {
    if (before.type !== after.type || before.ref !== after.ref || this.keyOf(before) !== this.keyOf(after)) return true;
    const { immutable = [] } = typeNamed(after.type, this.#types) ?? {};
    if (immutable === 'all') return true;
    return immutable.some(name => text(before.properties[name]) !== text(after.properties[name]));
  }

  /**
   * Removes the resource, or leaves it where its policy says so. Answers whether the stack is rid of it.
   * `creating`: what is taken back was made a moment ago. `keys`: how many of the stack's rows stand for the same thing, as
   * where a resource has taken another logical id: it goes with the last of them.
   */
  async remove(
    row: ResourceRow,
    options: { leave: boolean; creating: boolean; token: string | undefined; keys: Map<string, number> },
  ): Promise<boolean> {
    const { resource, policy } = row;
    const { token } = options;
    const say = (status: string, reason?: string): void =>
      this.#store.addEvent(row.stack, { ...ofResource(resource), status, reason, token });
    const key = `${resource.type} ${this.keyOf(resource)}`;
    const isShared = (options.keys.get(key) ?? 0) > 1;
    options.keys.set(key, (options.keys.get(key) ?? 1) - 1);
    const kept = policy === 'Retain' || (policy === 'RetainExceptOnCreate' && !options.creating);
    if ((kept || options.leave) && !isShared) {
      this.#store.retain(this.keyOf(resource), resource);
      this.#store.dropResource(row);
      say('DELETE_SKIPPED');
      return true;
    }
    say('DELETE_IN_PROGRESS');
    try {
      if (!isShared) await typeNamed(resource.type, this.#types)?.remove?.(resource);
      await turn();
    } catch (error) {
      this.#store.changeResource(row, { status: 'DELETE_FAILED', reason: reasonOf(error) });
      say('DELETE_FAILED', reasonOf(error));
      return false;
    }
    this.#store.dropResource(row);
    say('DELETE_COMPLETE');
    return true;
  }

  #say({ row, token }: Plan, resource: Resource, status: string, reason?: string, physicalId = resource.ref): void {
    this.#store.addEvent(row.id, { ...ofResource(resource), physicalId, status, reason, token });
  }
}

function ofResource({ logicalId, ref, type }: Resource): { logicalId: string; physicalId: string; type: string } {
  return { logicalId, physicalId: ref, type };
}

export function reasonOf(error: unknown): string {
  const { name, message } = error as Error;
  return name === 'Error' || name === undefined ? String(message ?? error) : `${message} (${name})`;
}

function isSame(before: Resource, after: Resource): boolean {
  return before.type === after.type && before.ref === after.ref && text(before.properties) === text(after.properties);
}

/** Members in one order, as a database keeps none. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Why a stack did not become what it should. */
export function failureOf(error: unknown, verb: 'create' | 'update'): string {
  return error instanceof ResourceFailed
    ? `The following resource(s) failed to ${verb}: [${error.logicalId}].`
    : reasonOf(error);
}

export function failedToDelete(logicalIds: readonly string[]): string | undefined {
  return logicalIds.length === 0
    ? undefined
    : `The following resource(s) failed to delete: [${logicalIds.join(', ')}].`;
}
