/** CloudFormation by its own protocol, on an empty embedded cloud: no SDK of it is here. */
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalCloud } from '../../lib/local/cloud.ts';
import { childrenOf, childText, readXml, type XmlElement } from '../../lib/local/protocols/xml.ts';
import { send, sign } from './wire-call.ts';

type Value = string | boolean | readonly Value[] | { readonly [name: string]: Value };

export interface Resources {
  readonly [logicalId: string]: { readonly Type: string; readonly [member: string]: unknown };
}

/** A form has text alone: lists are numbered. */
function flat(name: string, value: Value): [string, string][] {
  if (typeof value !== 'object') return [[name, String(value)]];
  if (Array.isArray(value)) return value.flatMap((item: Value, i) => flat(`${name}.member.${i + 1}`, item));
  return Object.entries(value).flatMap(([key, item]) => flat(`${name}.${key}`, item as Value));
}

/** The result of a call; throws an error of CloudFormation's code and words. */
export async function call(
  client: LocalCloud['client'],
  action: string,
  input: Readonly<Record<string, Value>>,
  { service = 'cloudformation', version = '2010-05-15' } = {},
): Promise<XmlElement> {
  const form = new URLSearchParams({ Action: action, Version: version });
  for (const [name, value] of Object.entries(input).flatMap(([key, item]) => flat(key, item))) form.set(name, value);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status, text } = await send(client, await sign(service, { headers, body: form.toString() }, client));
  const document = readXml(text);
  const result = document.children[0] ?? document;
  if (status === 200) return result;
  throw Object.assign(new Error(childText(result, 'Message')), { name: childText(result, 'Code') });
}

export class Stacks {
  readonly client: LocalCloud['client'];

  constructor(cloud: Pick<LocalCloud, 'client'>) {
    this.client = cloud.client;
  }

  /** Makes the stack, or brings it to the template, and waits: answers the status. */
  async deploy(StackName: string, Resources: Resources, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const known = await this.status(StackName).catch(() => undefined);
    const TemplateBody = JSON.stringify({ Resources, ...more });
    const Capabilities = ['CAPABILITY_NAMED_IAM'];
    await call(this.client, known ? 'UpdateStack' : 'CreateStack', { StackName, TemplateBody, Capabilities });
    return this.settled(StackName);
  }

  /** Answers the last status: DELETE_COMPLETE, or why it is still there. */
  async remove(StackName: string, RetainResources: readonly string[] = []): Promise<string> {
    const [stack] = await this.#described(StackName);
    const id = (stack && childText(stack, 'StackId')) ?? StackName;
    await call(this.client, 'DeleteStack', { StackName, ...(RetainResources.length > 0 && { RetainResources }) });
    return this.settled(id);
  }

  /** The status once nothing is in progress. */
  async settled(nameOrId: string): Promise<string> {
    for (;;) {
      const status = await this.status(nameOrId);
      if (!status.endsWith('_IN_PROGRESS')) return status;
      await pause(5);
    }
  }

  async status(nameOrId: string): Promise<string> {
    const [stack] = await this.#described(nameOrId);
    return (stack && childText(stack, 'StackStatus')) ?? '';
  }

  async outputs(nameOrId: string): Promise<Readonly<Record<string, string>>> {
    const [stack] = await this.#described(nameOrId);
    const outputs = stack?.children.find(({ name }) => name === 'Outputs');
    const pairs = (outputs ? childrenOf(outputs, 'member') : []).map(output => [
      childText(output, 'OutputKey') ?? '',
      childText(output, 'OutputValue') ?? '',
    ]);
    return Object.fromEntries(pairs);
  }

  /** What happened, oldest first: `<logical id> <status> <reason>`. */
  async events(nameOrId: string): Promise<readonly string[]> {
    const result = await call(this.client, 'DescribeStackEvents', { StackName: nameOrId });
    const list = result.children.find(({ name }) => name === 'StackEvents');
    const events = list ? [...childrenOf(list, 'member')].reverse() : [];
    return events.map(event =>
      ['LogicalResourceId', 'ResourceStatus', 'ResourceStatusReason']
        .map(name => childText(event, name) ?? '')
        .join(' ')
        .trim(),
    );
  }

  async #described(StackName: string): Promise<readonly XmlElement[]> {
    const result = await call(this.client, 'DescribeStacks', { StackName });
    return childrenOf(result.children[0] ?? result, 'member');
  }
}
