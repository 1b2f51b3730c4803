/** STS: who the caller is, which most tools ask before anything else. Nobody needs a permission for that. */
import { createHash } from 'node:crypto';
import { type Operations, operationsOn, wordsFor } from '../protocols/operation.ts';
import { queryService } from '../protocols/query.ts';
import { AwsError, type AwsRequest, type CloudContext, type Engine } from '../service.ts';

const VERSION = '2011-06-15';
const operation = operationsOn<CloudContext>();

const OPERATIONS: Operations<CloudContext> = {
  GetCallerIdentity: operation({}, 'itself', (_, { state: { accountId: Account }, request }) => ({
    ...identityOf(request),
    Account,
  })),
};

export function createSts(context: CloudContext): Engine {
  const service = queryService<CloudContext>({
    signingName: 'sts',
    state: context,
    operations: OPERATIONS,
    xmlns: `https://sts.amazonaws.com/doc/${VERSION}/`,
    invalidInput: problem => new AwsError('ValidationError', wordsFor(problem)),
    unknownOperation: name => new AwsError('InvalidAction', `The local STS does not have the operation ${name}.`),
  });
  return { services: [service], resources: {} };
}

/** A role is seen as the session that acts as it. The ids are made of the names, as nothing here gives out others. */
function identityOf({ principal = '', session }: AwsRequest): { Arn: string; UserId: string } {
  const id = createHash('sha256').update(principal).digest('hex').slice(0, 17).toUpperCase();
  const [, account, role] = /^arn:aws:iam::(\d*):role\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
  if (role === undefined) return { Arn: principal, UserId: `AIDA${id}` };
  const name = session ?? 'local';
  return { Arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`, UserId: `AROA${id}:${name}` };
}
