import { DynamoDBClient, type DynamoDBClientConfig, ListTablesCommand } from '@aws-sdk/client-dynamodb';

/** The tables of a running platform by noun, from their physical names. */
export async function tablesOf(client: DynamoDBClientConfig): Promise<Record<'core' | 'jobs' | 'ledger', string>> {
  const { TableNames = [] } = await new DynamoDBClient(client).send(new ListTablesCommand({}));
  const named = (noun: string): string => {
    const found = TableNames.find(name => new RegExp(`-${noun}[0-9A-F]{8}$`).test(name));
    if (!found) throw new Error(`no table ${noun} among ${TableNames.join(', ')}`);
    return found;
  };
  return { core: named('Core'), jobs: named('Jobs'), ledger: named('Ledger') };
}
