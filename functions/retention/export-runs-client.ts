/** The state machine that makes exports. Two runs of one export do no harm: a volume is noted once. */
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

const client = new SFNClient({});

/** A run that ended without its export, whatever became of it, is not in the way of another after this. */
const AGAIN_MS = 15 * 60_000;

/** Starts a run; does nothing where one was started in the same quarter of an hour. `now` is epoch ms. */
export async function startExportRun(
  stateMachineArn: string,
  { accountId, exportId }: { readonly accountId: string; readonly exportId: string },
  now: number,
): Promise<void> {
  try {
    const name = `${exportId}-${Math.floor(now / AGAIN_MS)}`;
    const input = JSON.stringify({ accountId, exportId });
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}
