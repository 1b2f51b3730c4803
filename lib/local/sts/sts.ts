/** STS: who the caller is, which most tools ask before anything else and nobody needs a permission for; and acting as a role. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Operations, operationsOn, wordsFor } from '../protocols/operation.ts';
import { queryService } from '../protocols/query.ts';
import { AwsError, type AwsRequest, type CloudContext, denyAccess, type Engine } from '../service.ts';

const SESSION_SECONDS = 3600;
const VERSION = '2011-06-15';
const operation = operationsOn<CloudContext>();

const OPERATIONS: Operations<CloudContext> = {
  GetCallerIdentity: operation({}, 'itself', (_, { state: { accountId: Account }, request }) => ({
    ...identityOf(request),
    Account,
  })),

  AssumeRole: operation(
    {
      RoleArn: z.string().min(20).max(2048),
      RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
      DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(SESSION_SECONDS),
    },
    'itself',
    ({ RoleArn: role, RoleSessionName: name, DurationSeconds: seconds }, { state: { iam, clock }, request }) => {
      const { principal = '' } = request;
      // A role that does not exist looks like one that does not trust the caller.
      if (iam.trusts(role, principal) !== true) denyAccess(principal, 'sts:AssumeRole', role);
      const { accessKeyId, secretAccessKey, sessionToken } = iam.sessionFor(role, name);
      const { Arn, UserId } = identityOf({ principal: role, session: name });
      return {
        // Here they go on to work: nothing is lost by a client that asks again when it is told to.
        Credentials: {
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          SessionToken: sessionToken,
          Expiration: new Date(clock.now() + seconds * 1000).toISOString(),
        },
        AssumedRoleUser: { AssumedRoleId: UserId, Arn },
      };
    },
  ),
};

export function createSts(context: CloudContext): Engine {
  const service = queryService<CloudContext>({
    signingName: 'sts',
    state: context,
    operations: OPERATIONS,
    members: true,
    xmlns: `https://sts.amazonaws.com/doc/${VERSION}/`,
    invalidInput: problem => new AwsError('ValidationError', wordsFor(problem)),
    unknownOperation: name => new AwsError('InvalidAction', `The local STS does not have the operation ${name}.`),
  });
  return { services: [service], resources: {} };
}

/** A role is seen as the session that acts as it. The ids are made of the names, as nothing here gives out others. */
function identityOf({ principal = '', session }: Pick<AwsRequest, 'principal' | 'session'>): {
  Arn: string;
  UserId: string;
} {
  const id = createHash('sha256').update(principal).digest('hex').slice(0, 17).toUpperCase();
  const [, account, role] = /^arn:aws:iam::(\d*):role\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
  if (role === undefined) return { Arn: principal, UserId: `AIDA${id}` };
  const name = session ?? 'local';
  return { Arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`, UserId: `AROA${id}:${name}` };
}
