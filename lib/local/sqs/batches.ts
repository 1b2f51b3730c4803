/** What the batch operations share: up to ten entries, each of which succeeds or fails on its own. */
import { AwsError } from '../service.ts';
import type { Call, Output } from './call.ts';
import { queryCode, refusal } from './sqs-error.ts';

export interface Entry {
  readonly Id: string;
  readonly [member: string]: unknown;
}

/** The entries of a batch; throws where SQS refuses the batch as a whole. */
export function batchEntries(input: Call['input']): readonly Entry[] {
  const entries = (input.Entries ?? []) as readonly Entry[];
  if (!Array.isArray(entries) || entries.length === 0) throw refusal('EmptyBatchRequest');
  if (entries.length > 10) {
    throw refusal(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  for (const { Id } of entries) {
    if (typeof Id !== 'string' || !/^[A-Za-z0-9_-]{1,80}$/.test(Id)) throw refusal('InvalidBatchEntryId');
  }
  const twice = entries.find(({ Id }, index) => entries.findIndex(other => other.Id === Id) < index);
  if (twice) throw refusal('BatchEntryIdsNotDistinct', `Id ${twice.Id} repeated.`);
  return entries;
}

/** Does `work` for each entry; what it throws as AwsError becomes that entry's failure. */
export function eachOf(entries: readonly Entry[], work: (entry: Entry) => Output): Output {
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, message, status } = error;
      Failed.push({ Id: entry.Id, Code: queryCode(code), Message: message, SenderFault: status < 500 });
    }
  }
  return { Successful, Failed: Failed.length > 0 ? Failed : undefined };
}
