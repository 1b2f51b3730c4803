/**
 * Stacks as CloudFormation makes, changes and removes them. What always holds:
 * - A stack has one operation at a time. It is stored before it begins, and every resource before and after it is made.
 * - What fails is taken back: a stack that is new loses what was made, another is as it was before.
 * - A kill leaves an operation that the next start takes up: a deletion and a cleaning up go on; a creation and an update
 *   are taken back, as after a failure.
 * - A template says what is made; engines that keep it in memory alone are told again at every start.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { inOrder, outputsOf, type ResourceTypes, typeNamed, typesOf } from '../provision.ts';
import type { CloudContext, Engine, Resource } from '../service.ts';
import { Exports } from './exports.ts';
import type { FunctionCode } from './function-code.ts';
import { type Plan, type PlanOptions, planFor } from './plan.ts';
import { failedToDelete, failureOf, ResourceWork, reasonOf } from './resource-work.ts';
import type { Operation, ResourceRow, StackRow, StackStore, Target } from './stack-store.ts';
import { checkRules, dependenciesOf, type Lookups, readTemplate } from './template.ts';

const LONGEST_STOP_MS = 500;
/** The cloud is being stopped: the operation stays as it is, for the next start. */
class Interrupted extends Error {}

const STARTED: Readonly<Record<Operation['kind'], string>> = {
  create: 'CREATE_IN_PROGRESS',
  update: 'UPDATE_IN_PROGRESS',
  delete: 'DELETE_IN_PROGRESS',
};

export class Deployments {
  readonly store: StackStore;
  readonly exports: Exports;
  readonly #context: CloudContext;
  readonly #lookups: Lookups;
  readonly #code: FunctionCode;
  readonly #running = new Set<Promise<void>>();
  #types: ResourceTypes = {};
  #stopped = false;

  constructor(context: CloudContext, parts: { store: StackStore; lookups: Lookups; code: FunctionCode }) {
    this.#context = context;
    this.store = parts.store;
    this.exports = new Exports(parts.store);
    this.#lookups = parts.lookups;
    this.#code = parts.code;
  }

  get types(): ResourceTypes {
    return this.#types;
  }

  /** Tells which engines make what. */
  manage(engines: readonly Engine[]): void {
    this.#types = typesOf(engines);
  }

  /** Begins an operation, which goes on by itself. */
  begin(stack: StackRow, operation: Operation): StackRow {
    const updated = operation.kind === 'update' ? { updated: this.#context.clock.now() } : {};
    const row = this.#set(stack, STARTED[operation.kind], 'User Initiated', { operation, ...updated });
    this.#run(row);
    return row;
  }

  /** Makes again what engines keep in memory alone, of all stacks but those named. */
  async restore(except: ReadonlySet<string>): Promise<void> {
    const work = this.#work();
    for (const resource of this.store.retained()) await this.#restoreRetained(work, resource);
    for (const stack of this.store.live().filter(({ name }) => !except.has(name))) {
      const rows = this.store.resources(stack.id).filter(({ state }) => state !== 'new');
      if (rows.length === 0 || stack.operation?.kind === 'create') continue;
      const plan = this.#plan(stack, stack);
      for (const logicalId of inOrder(plan.stack)) {
        const row = plan.current.get(logicalId);
        const resource = row && (await work.read(plan, logicalId));
        if (!row || !resource) continue;
        await work.apply(resource);
        this.store.changeResource(row, { resource });
      }
      this.store.change(stack.id, { outputs: outputsOf(plan.stack, plan.scope) });
    }
  }

  /** What stacks have left is nobody's: where it cannot be made again, the start goes on. */
  async #restoreRetained(work: ResourceWork, resource: Resource): Promise<void> {
    // What no engine lists, such as a custom resource, is nothing without its stack.
    if (typeNamed(resource.type, this.#types)?.made === undefined) return;
    await work.apply(resource).catch(error => {
      this.#context.log('cloudformation.retained', { type: resource.type, ref: resource.ref, error: String(error) });
    });
  }

  /** Takes up what an earlier start has left. */
  resume(): void {
    for (const stack of this.store.live()) if (stack.operation) this.#run(stack, true);
  }

  /** Waits for what is just being done, and not for a function that has yet to answer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const enough = new AbortController();
    const patience = pause(LONGEST_STOP_MS, undefined, { signal: enough.signal }).catch(() => {});
    await Promise.race([Promise.all(this.#running), patience]);
    enough.abort();
  }

  #work(): ResourceWork {
    const { clock } = this.#context;
    return new ResourceWork({ store: this.store, types: this.#types, code: this.#code, now: () => clock.now() });
  }

  #run(stack: StackRow, again = false): void {
    const done = this.#perform(stack, again)
      .catch(error => {
        if (error instanceof Interrupted || this.#stopped) return;
        this.#context.log('cloudformation.failed', { stack: stack.name, error: String((error as Error).stack) });
        const { status = '' } = this.store.find(stack.id) ?? {};
        this.#set(stack, status.replace(/(_CLEANUP)?_IN_PROGRESS$/, '_FAILED'), reasonOf(error), {
          operation: undefined,
        });
      })
      .finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  async #perform(stack: StackRow, again: boolean): Promise<void> {
    const { operation } = stack;
    if (!operation) return;
    const lost = 'The operation was interrupted, and is taken back.';
    if (operation.kind === 'delete') await this.#delete(stack, operation);
    else if (operation.kind === 'create') await this.#create(stack, operation, again ? lost : undefined);
    else await this.#update(stack, operation, again ? lost : undefined);
  }

  async #create(stack: StackRow, operation: Operation, lost: string | undefined): Promise<void> {
    try {
      if (lost !== undefined) throw new Error(lost);
      const reached = await this.#reach(stack, operation, false);
      this.#set(stack, 'CREATE_COMPLETE', undefined, { ...reached, operation: undefined });
    } catch (error) {
      this.#unlessStopped(error);
      if (!operation.rollback)
        return void this.#set(stack, 'CREATE_FAILED', failureOf(error, 'create'), { operation: undefined });
      this.#set(stack, 'ROLLBACK_IN_PROGRESS', `${failureOf(error, 'create')} Rollback requested by user.`);
      const left = await this.#removeAll(stack, [...this.store.resources(stack.id)].reverse(), {
        creating: true,
        retain: [],
      });
      const status = left.length > 0 ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE';
      this.#set(stack, status, failedToDelete(left), { ...operation.target, operation: undefined });
    }
  }

  async #update(stack: StackRow, operation: Operation, lost: string | undefined): Promise<void> {
    if (!operation.cleanup) {
      try {
        if (lost !== undefined) throw new Error(lost);
        const reached = await this.#reach(stack, operation, true);
        const after = { ...reached, operation: { ...operation, cleanup: true } };
        this.#set(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, after);
      } catch (error) {
        this.#unlessStopped(error);
        return this.#rollBack(stack, operation, failureOf(error, 'update'));
      }
    }
    for (const row of this.store.resources(stack.id)) {
      if (row.state === 'new' || row.changed)
        this.store.changeResource(row, { state: row.state === 'new' ? 'current' : row.state, changed: false });
    }
    const old = this.store.resources(stack.id).filter(({ state }) => state === 'old');
    // What cannot be removed now stays, as on AWS; nobody comes back for it.
    await this.#removeAll(stack, [...old].reverse(), { creating: false, retain: [] });
    this.#set(stack, 'UPDATE_COMPLETE', undefined, { operation: undefined });
  }

  async #rollBack(stack: StackRow, operation: Operation, reason: string): Promise<void> {
    if (!operation.rollback) return void this.#set(stack, 'UPDATE_FAILED', reason, { operation: undefined });
    this.#set(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
    const work = this.#work();
    const plan = this.#plan(stack, stack);
    for (const logicalId of inOrder(plan.stack)) {
      const row = plan.current.get(logicalId);
      if (!row || (!row.changed && row.state !== 'old')) continue;
      const resource = await work.read(plan, logicalId);
      if (!resource) continue;
      await work.apply(resource);
      this.store.changeResource(row, { resource, state: 'current', changed: false, status: 'UPDATE_COMPLETE' });
      if (!row.changed) continue;
      const [{ ref: physicalId, type }, { token }] = [resource, operation];
      this.store.addEvent(stack.id, {
        logicalId,
        physicalId,
        type,
        status: 'UPDATE_COMPLETE',
        reason: undefined,
        token,
      });
    }
    this.#set(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined);
    const fresh = this.store.resources(stack.id).filter(({ state }) => state === 'new');
    await this.#removeAll(stack, [...fresh].reverse(), { creating: true, retain: [] });
    this.#set(stack, 'UPDATE_ROLLBACK_COMPLETE', undefined, { operation: undefined });
  }

  async #delete(stack: StackRow, operation: Operation): Promise<void> {
    const used = this.exports.usedBy(stack, []);
    if (used !== undefined) return void this.#set(stack, 'DELETE_FAILED', used, { operation: undefined });
    const rows = this.store.resources(stack.id);
    const order = rows.length > 0 ? inOrder({ template: readTemplate(stack.body) }) : [];
    const place = ({ logicalId }: ResourceRow): number => order.indexOf(logicalId);
    const last = [...rows].sort((a, b) => place(b) - place(a));
    // Leftovers of an earlier update are in no template: they may stand on anything, and nothing stands on them.
    const ordered = [...last.filter(row => place(row) < 0), ...last.filter(row => place(row) >= 0)];
    const left = await this.#removeAll(stack, ordered, { creating: false, retain: operation.retain });
    if (left.length > 0) return void this.#set(stack, 'DELETE_FAILED', failedToDelete(left), { operation: undefined });
    this.#set(stack, 'DELETE_COMPLETE', undefined, { operation: undefined, deleted: this.#context.clock.now() });
  }

  /** Makes the stack what the operation's target says. Throws where a resource fails, or an export cannot be so. */
  async #reach(stack: StackRow, operation: Operation, update: boolean): Promise<Partial<StackRow>> {
    const { target = stack, token, importing } = operation;
    const work = this.#work();
    const imports = new Set<string>();
    const plan = this.#plan(stack, target, { update, token, importing, imports });
    checkRules(plan.stack.template, plan.scope);
    const wanted = new Set<string>();
    for (const logicalId of inOrder(plan.stack)) {
      if (this.#stopped) throw new Interrupted();
      if (await work.bring(plan, logicalId)) wanted.add(logicalId);
    }
    for (const row of this.store.resources(stack.id)) {
      if (row.state === 'current' && !wanted.has(row.logicalId)) this.store.changeResource(row, { state: 'old' });
    }
    const outputs = outputsOf(plan.stack, plan.scope);
    this.exports.check(stack, outputs);
    return { ...target, outputs, imports: [...imports] };
  }

  #plan(row: StackRow, target: Target, more: Partial<PlanOptions> = {}): Plan {
    const { region, accountId } = this.#context;
    const rows = this.store.resources(row.id);
    const exported = (name: string): string | undefined => this.exports.all().get(name)?.value;
    const surroundings = { types: this.#types, account: { region, accountId }, lookups: this.#lookups, exported };
    return planFor({ row, target, rows }, surroundings, { update: true, importing: false, ...more });
  }

  /** Answers what is left: what failed, and what something that failed stands on. */
  async #removeAll(
    stack: StackRow,
    rows: readonly ResourceRow[],
    { creating, retain }: { creating: boolean; retain: readonly string[] },
  ): Promise<readonly string[]> {
    const work = this.#work();
    const target = this.store.find(stack.id)?.operation?.target ?? stack;
    const dependencies = rows.length > 0 ? dependenciesOf(readTemplate(target.body)) : new Map<string, Set<string>>();
    const keys = work.keysOf(this.store.resources(stack.id));
    const failed: string[] = [];
    const standing = new Set<string>();
    for (const row of rows) {
      if (this.#stopped) throw new Interrupted();
      const token = stack.operation?.token;
      const leave = retain.includes(row.logicalId);
      const gone = !standing.has(row.logicalId) && (await work.remove(row, { leave, creating, token, keys }));
      if (gone) continue;
      if (!standing.has(row.logicalId)) failed.push(row.logicalId);
      for (const other of dependencies.get(row.logicalId) ?? []) standing.add(other);
    }
    return failed;
  }

  #set(stack: StackRow, status: string, reason: string | undefined, change: Partial<StackRow> = {}): StackRow {
    const row = this.store.change(stack.id, { ...change, status, reason });
    const { id: physicalId, name: logicalId } = stack;
    const token = (row.operation ?? stack.operation)?.token;
    this.store.addEvent(stack.id, { logicalId, physicalId, type: 'AWS::CloudFormation::Stack', status, reason, token });
    return row;
  }

  #unlessStopped(error: unknown): void {
    if (error instanceof Interrupted || this.#stopped) throw new Interrupted();
  }
}
