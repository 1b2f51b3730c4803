/**
 * CloudWatch Logs, to read: what functions, tasks and the gateway write, in the groups that the template gives them. Who
 * writes needs the permission for it, as on AWS: a function without one has no log here, only its file.
 */

import { Properties } from '../properties.ts';
import { jsonService } from '../protocols/json.ts';
import type { CloudContext, Engine, ResourceType } from '../service.ts';
import { LogStore } from './log-store.ts';
import { groupArn, type Logs, OPERATIONS, streamArn } from './operations.ts';

const KNOWN = ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'Tags'];

export function createLogs(context: CloudContext): Engine {
  const store = new LogStore(context);
  const state: Logs = { context, store };
  const service = jsonService<Logs>({
    signingName: 'logs',
    version: '1.1',
    targets: { Logs_20140328: OPERATIONS },
    state,
    invalidInput: 'InvalidParameterException',
  });
  /** Groups that a stack has taken away: they come again by who may make them, not by who only writes. */
  const removed = new Set<string>();
  const allowed = new Map<string, boolean>();
  const mayWrite = (as: string, group: string): boolean => {
    const known = allowed.get(`${as} ${group}`);
    if (known !== undefined) return known;
    const writing = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    const may = (removed.has(group) ? [...writing, 'logs:CreateLogGroup'] : writing).every(action =>
      context.iam.allows({ principal: as, action, resource: streamArn(context, group, '') }),
    );
    allowed.set(`${as} ${group}`, may);
    return may;
  };
  return {
    services: [service],
    resources: {
      'AWS::Logs::LogGroup': groupType(state, (name, there) => {
        if (there) removed.delete(name);
        else removed.add(name);
        for (const known of [...allowed.keys()].filter(key => key.endsWith(` ${name}`))) allowed.delete(known);
      }),
    },
    provides: {
      writeLog({ group, stream, text, as }) {
        if (as === undefined ? !removed.has(group) : mayWrite(as, group)) store.write(group, stream, text);
      },
    },
    async stop() {
      store.stop();
    },
  };
}

/** `note` hears of each group that is made or goes. */
function groupType({ context, store }: Logs, note: (name: string, there: boolean) => void): ResourceType {
  return {
    identify({ logicalId, name, properties }) {
      const ref = properties.LogGroupName ?? name;
      if (typeof ref !== 'string' || !/^[\w./#-]{1,512}$/.test(ref)) {
        throw new Error(`${logicalId}.LogGroupName: the local cloud needs a name that refers to nothing`);
      }
      return { ref, attributes: { Arn: `${groupArn(context, ref)}:*` } };
    },
    apply(resource) {
      const properties = Properties.of(resource, KNOWN);
      properties.choice('LogGroupClass', ['STANDARD'], 'STANDARD');
      store.describe(resource.ref, properties.optionalNumber('RetentionInDays'));
      note(resource.ref, true);
    },
    remove({ ref }) {
      store.remove(ref);
      note(ref, false);
    },
    made: () => store.names(),
  };
}
