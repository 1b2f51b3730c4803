/** The functions of this account, by any of the names that a caller may use, with their versions and aliases. */
import { AwsError, type PolicyStatement } from '../service.ts';
import type { FunctionDefinition } from './function.ts';

export interface Named {
  readonly definition: FunctionDefinition;
  /** As called: the function's own ARN, or that of a version or alias. */
  readonly arn: string;
}

export class Functions {
  readonly #place: { region: string; accountId: string };
  readonly #byName = new Map<string, FunctionDefinition>();
  /** The ARN of a version or alias, and the name of its function. */
  readonly #qualified = new Map<string, string>();
  readonly #policies = new Map<string, Map<string, PolicyStatement & { readonly Sid: string }>>();

  constructor(place: { region: string; accountId: string }) {
    this.#place = place;
  }

  arnOf(name: string): string {
    return `arn:aws:lambda:${this.#place.region}:${this.#place.accountId}:function:${name}`;
  }

  /** Answers whether the function is new or has changed. */
  put(definition: FunctionDefinition): boolean {
    const before = this.#byName.get(definition.name);
    this.#byName.set(definition.name, definition);
    return before?.revision !== definition.revision;
  }

  qualify(arn: string, target: string): void {
    this.#qualified.set(arn, this.find(target).definition.name);
  }

  /** By name, ARN, or partial ARN (`account:function:name`). Throws ResourceNotFoundException. */
  find(called: string): Named {
    const name = called.split(':function:').at(-1) ?? called;
    const arn = this.arnOf(name);
    const [plain = '', qualifier] = name.split(':');
    const alias = this.#qualified.get(arn);
    const latest = qualifier === undefined || qualifier === '$LATEST';
    const definition = this.#byName.get(alias ?? (latest ? plain : ''));
    if (!definition || (called.startsWith('arn:') && called !== arn)) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    }
    return { definition, arn: alias ? arn : definition.arn };
  }

  /** The ARN that a call by this name is authorized on; the function need not exist. */
  calledArn(called: string): string {
    return called.startsWith('arn:') ? called : this.arnOf(called.split(':function:').at(-1) ?? called);
  }

  has(called: string): boolean {
    try {
      return this.find(called) !== undefined;
    } catch {
      return false;
    }
  }

  list(): readonly FunctionDefinition[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  permit(arn: string, statement: PolicyStatement & { readonly Sid: string }): void {
    const statements = this.#policies.get(arn) ?? new Map();
    this.#policies.set(arn, statements.set(statement.Sid, statement));
  }

  /** The resource policy's statements; empty where there is none. */
  policyOf(arn: string): readonly PolicyStatement[] {
    return [...(this.#policies.get(arn)?.values() ?? [])];
  }
}
