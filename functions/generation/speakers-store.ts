/**
 * An account's own speakers: one item of the jobs table, so that listing them is one read however many they are, and
 * their number has an end.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { speakersKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';

export interface OwnSpeaker {
  readonly name: string;
  /** The uploaded audio that it was made of. */
  readonly mediaId: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

export const MOST_OWN_SPEAKERS = 100;

/** By their ids, oldest first. */
export async function ownSpeakers(table: string, accountId: string): Promise<Map<string, OwnSpeaker>> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: speakersKey(accountId), ConsistentRead: true }),
  );
  const speakers = Object.entries((Item?.speakers ?? {}) as Record<string, OwnSpeaker>);
  return new Map(speakers.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Adds a speaker. */
export async function addSpeaker(
  table: string,
  accountId: string,
  speakerId: string,
  speaker: OwnSpeaker,
): Promise<'added' | 'full' | 'id_taken'> {
  // The second round is for the first speaker of an account, whose item the first round makes.
  for (;;) {
    try {
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: speakersKey(accountId),
          UpdateExpression: 'SET speakers.#id = :speaker',
          ConditionExpression:
            'attribute_exists(speakers) AND attribute_not_exists(speakers.#id) AND size(speakers) < :most',
          ExpressionAttributeNames: { '#id': speakerId },
          ExpressionAttributeValues: { ':speaker': speaker, ':most': MOST_OWN_SPEAKERS },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return 'added';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.Item) return error.Item.speakers?.M?.[speakerId] ? 'id_taken' : 'full';
      await makeItem(table, accountId);
    }
  }
}

/** Removes a speaker; false where there is none of this id. */
export async function removeSpeaker(table: string, accountId: string, speakerId: string): Promise<boolean> {
  try {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: speakersKey(accountId),
        UpdateExpression: 'REMOVE speakers.#id',
        ConditionExpression: 'attribute_exists(speakers.#id)',
        ExpressionAttributeNames: { '#id': speakerId },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function makeItem(table: string, accountId: string): Promise<void> {
  try {
    const Item = { ...speakersKey(accountId), speakers: {} };
    await documents.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
  } catch (error) {
    // Another call made it.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
