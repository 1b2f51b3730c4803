/** Answers CloudFormation, which waits until it is told. */
import { setTimeout as pause } from 'node:timers/promises';
import { logger } from '../runtime/runtime.ts';
import { answerTo, type CustomResourceEvent } from './custom-resource.ts';

/** 0.5 + 1 + 2 + 4 s: without an answer the stack waits for as long as the resource's own limit. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;

/** The handler of a custom resource: does the work and answers what came of it, whatever that is. */
export function customResource(work: (event: CustomResourceEvent) => Promise<Readonly<Record<string, string>>>) {
  return async (event: CustomResourceEvent): Promise<void> => {
    let body: string;
    try {
      body = answerTo(event, { data: await work(event) });
    } catch (error) {
      logger.error('custom resource failed', error as Error);
      body = answerTo(event, { failure: (error as Error).message });
    }
    await put(event.ResponseURL, body);
  };
}

async function put(url: string, body: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // The address is signed without a type of content.
      const { status } = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
      if (status < 300) return;
      throw new Error(`CloudFormation took no answer: ${status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}
