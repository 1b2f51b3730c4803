/** Starts exports: by invoking their function, which then runs by itself, for up to 15 minutes. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const client = new LambdaClient({});

export interface ExportRequest {
  /** `2026-11-24`. */
  readonly day: string;
  /** Of today: its entries as far as they are booked. */
  readonly provisional?: true;
}

/** Returns once Lambda has the request; what becomes of it is in the record of the day. */
export async function startExport(functionName: string, request: ExportRequest): Promise<void> {
  await client.send(
    new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: JSON.stringify(request) }),
  );
}
