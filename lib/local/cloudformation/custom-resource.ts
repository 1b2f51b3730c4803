/**
 * CloudFormation's custom resources: a function is told to create what it stands for, and puts its answer to an address that
 * it is told. Here that address is a page of the endpoint. A function is told once, again where the template tells it
 * something else, and at last to delete. One that gives another physical id to an update is refused.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  AwsError,
  type CloudContext,
  type Engine,
  type Identity,
  type Resource,
  type ResourceType,
  type Service,
} from '../service.ts';

/** Of all types `Custom::…` as well. */
export const CUSTOM_RESOURCE = 'AWS::CloudFormation::CustomResource';

const Answer = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().optional(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().min(1).optional(),
  Data: z.record(z.string(), z.unknown()).default({}),
});
type Answer = z.output<typeof Answer>;

/** AWS's own limit is an hour, of which nobody here has any use. */
const LONGEST_SECONDS = 60;
const LARGEST_ANSWER_BYTES = 4096;

/** The type, and the page where functions answer. */
export function createCustomResources(context: CloudContext): Engine {
  context.database.exec(`CREATE TABLE IF NOT EXISTS cloudformation_resources (
    stack TEXT NOT NULL, logical_id TEXT NOT NULL, properties TEXT NOT NULL, physical_id TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (stack, logical_id)) STRICT`);
  const waiting = new Map<string, (answer: Answer) => void>();
  /** By stack and logical id: what a function could not make, and is yet to delete. */
  const unmade = new Map<string, Known>();
  /** By stack and logical id: filled in once the function has answered, for what refers to it. */
  const attributes = new Map<string, Record<string, string>>();

  const ask = async (
    resource: Resource,
    RequestType: 'Create' | 'Update' | 'Delete',
    known: Known | undefined,
  ): Promise<Answer> => {
    const { ServiceToken, ServiceTimeout, ...properties } = resource.properties;
    const id = randomUUID();
    const answered = new Promise<Answer>(resolve => waiting.set(id, resolve));
    const event = {
      RequestType,
      ResponseURL: `${context.awsUrl}/_cloudformation/${id}`,
      StackId: `arn:aws:cloudformation:${context.region}:${context.accountId}:stack/${resource.stack}/local`,
      RequestId: id,
      ResourceType: resource.type,
      LogicalResourceId: resource.logicalId,
      ...(known && { PhysicalResourceId: known.physicalId }),
      ...(known && RequestType === 'Update' && { OldResourceProperties: JSON.parse(known.properties) }),
      ResourceProperties: { ServiceToken, ...properties },
    };
    let timer: NodeJS.Timeout | undefined;
    try {
      // As in AWS, what the function returns is nothing to it; where it could not be run, no answer will come.
      const run = context.ports
        .invokeFunction({
          functionArn: String(ServiceToken),
          payload: JSON.stringify(event),
          as: `arn:aws:iam::${context.accountId}:user/local-administrator`,
        })
        .then(({ functionError, payload }) => (functionError ? Promise.reject(new Error(payload)) : answered));
      const late = new Promise<never>((_, reject) => {
        const seconds = Math.min(Number(ServiceTimeout ?? LONGEST_SECONDS), LONGEST_SECONDS);
        timer = setTimeout(() => reject(new Error(`the function did not answer in ${seconds} s`)), seconds * 1000);
      });
      return await Promise.race([answered, run, late]);
    } finally {
      clearTimeout(timer);
      waiting.delete(id);
    }
  };

  const customResource: ResourceType = {
    identify({ stack, logicalId, name }): Identity {
      const found = attributes.get(`${stack}/${logicalId}`) ?? {};
      attributes.set(`${stack}/${logicalId}`, found);
      return { ref: name, attributes: found };
    },
    async apply(resource) {
      const { stack, logicalId } = resource;
      const known = find(context, stack, logicalId);
      const properties = JSON.stringify(resource.properties);
      const current = known?.properties === properties ? known : await renew();
      Object.assign(attributes.get(`${stack}/${logicalId}`) ?? {}, JSON.parse(current.data));

      async function renew(): Promise<Known> {
        const where = `${stack}/${logicalId} (${resource.type})`;
        const answer = await ask(resource, known ? 'Update' : 'Create', known).catch(error => {
          throw new Error(`${where}: ${(error as Error).message}`);
        });
        if (answer.Status === 'FAILED') {
          // What it could not make it is told to delete, as far as it got.
          const physicalId = answer.PhysicalResourceId ?? logicalId;
          if (!known) unmade.set(`${stack}/${logicalId}`, { properties, physicalId, data: '{}' });
          throw new Error(`${where}: ${answer.Reason ?? 'failed without a reason'}`);
        }
        if (known && answer.PhysicalResourceId !== undefined && answer.PhysicalResourceId !== known.physicalId)
          throw new Error(`${where}: the local cloud knows no update by which a custom resource becomes another`);
        const data = Object.fromEntries(Object.entries(answer.Data).map(([key, value]) => [key, String(value)]));
        const made = {
          properties,
          physicalId: answer.PhysicalResourceId ?? known?.physicalId ?? logicalId,
          data: JSON.stringify(data),
        };
        keep(context, resource, made);
        return made;
      }
    },
    async remove(resource) {
      const { stack, logicalId } = resource;
      const known = find(context, stack, logicalId) ?? unmade.get(`${stack}/${logicalId}`);
      if (!known) return;
      const answer = await ask(resource, 'Delete', known);
      if (answer.Status === 'FAILED') throw new Error(answer.Reason ?? 'failed without a reason');
      const sql = 'DELETE FROM cloudformation_resources WHERE stack = ? AND logical_id = ?';
      context.database.prepare(sql).run(stack, logicalId);
      unmade.delete(`${stack}/${logicalId}`);
      attributes.delete(`${stack}/${logicalId}`);
    },
  };
  return { services: [answers(waiting)], resources: { [CUSTOM_RESOURCE]: customResource } };
}

function keep({ database }: CloudContext, { stack, logicalId }: Resource, known: Known): void {
  database
    .prepare('INSERT OR REPLACE INTO cloudformation_resources VALUES (?, ?, ?, ?, ?)')
    .run(stack, logicalId, known.properties, known.physicalId, known.data);
}

interface Known {
  readonly properties: string;
  readonly physicalId: string;
  readonly data: string;
}

function find({ database }: CloudContext, stack: string, logicalId: string): Known | undefined {
  const row = database
    .prepare('SELECT * FROM cloudformation_resources WHERE stack = ? AND logical_id = ?')
    .get(stack, logicalId);
  return row && { properties: String(row.properties), physicalId: String(row.physical_id), data: String(row.data) };
}

/** Where functions put their answers: the address is the secret, as with S3's signed ones that AWS gives. */
function answers(waiting: ReadonlyMap<string, (answer: Answer) => void>): Service {
  return {
    signingName: '_cloudformation',
    async handle({ method, path, body }) {
      const id = path.split('/').at(-1) ?? '';
      const take = waiting.get(id);
      if (method !== 'PUT' || !take) throw new AwsError('AccessDenied', 'nobody waits for an answer here', 403);
      if (body.length > LARGEST_ANSWER_BYTES)
        throw new AwsError('EntityTooLarge', `an answer has at most ${LARGEST_ANSWER_BYTES} bytes`);
      const { success, data, error } = Answer.safeParse(parsed(body.toString()));
      if (!success) throw new AwsError('InvalidRequest', z.prettifyError(error));
      if (data.RequestId !== id) throw new AwsError('InvalidRequest', 'RequestId: is not the one of the request');
      take(data);
      return { status: 200 };
    },
    refuse: ({ message, status }) => ({ status, body: message }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
