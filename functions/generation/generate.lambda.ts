import type * as z from 'zod';
import { priceOf } from '../credits/prices.ts';
import { type Answer, type Exchange, headerOf, pixverse, serve } from '../platform/pixverse.ts';
import { setting } from '../platform/runtime.ts';
import { generateFromImage, generateFromText } from './contract.ts';
import type { VideoFunction } from './job.ts';
import { readRequest } from './pixverse-request.ts';
import { drawSeed, fingerprintOf, submit } from './submit.ts';

const PLACE = {
  tables: {
    core: setting('CORE_TABLE'),
    jobs: setting('JOBS_TABLE'),
    ledger: setting('LEDGER_TABLE'),
    idempotency: setting('IDEMPOTENCY_TABLE'),
  },
  stateMachineArn: setting('STATE_MACHINE_ARN'),
};

/** A trace that is a UUID makes a repeated call the same call; any other is only a trace. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Body = z.output<typeof generateFromText.input> | z.output<typeof generateFromImage.input>;

async function generate(
  made: VideoFunction,
  { caller, input, event }: Exchange<Body>,
): Promise<Answer<{ video_id: number; credits: number }>> {
  const { request, priced } = readRequest(made, input, drawSeed());
  const trace = headerOf(event, 'ai-trace-id')?.trim().toLowerCase() ?? '';
  const { jobId, credits } = await submit(PLACE, {
    caller,
    request,
    credits: priceOf(priced),
    ...(UUID.test(trace) && { idempotency: { token: trace, fingerprint: fingerprintOf(event.resource, input) } }),
  });
  return { resp: { video_id: jobId, credits } };
}

export const handler = pixverse(
  serve(generateFromText, exchange => generate('text_to_video', exchange)),
  serve(generateFromImage, exchange => generate('image_to_video', exchange)),
);
