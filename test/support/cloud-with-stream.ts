/** A process to be killed: a cloud whose function is fed from a stream, and is in the midst of a batch. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { fedFunction, startStreams } from './fed-function.ts';

const [dataDir = ''] = process.argv.slice(2);
const cloud = await startStreams(dataDir);
const hang = 'if (seen.includes("b")) await new Promise(resolve => setTimeout(resolve, 600_000));';
const { TableName } = await fedFunction(cloud, 'Killed', hang, { BatchSize: 1 });
const client = new DynamoDBClient(cloud.client);
for (const pk of ['a', 'b', 'c']) await client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }));
