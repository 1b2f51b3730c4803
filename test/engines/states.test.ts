import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askQueue, invoke, type Machines, only, QUEUE, ROLE, startMachines } from './states-machine.ts';

let machines: Machines;
beforeAll(async () => {
  machines = await startMachines();
});
afterAll(() => machines.stop());

const output = ({ output: text }: { output?: string | undefined }): unknown => JSON.parse(text ?? 'null');

describe('states', () => {
  test('Pass gives its Output, and its input where it has none', async () => {
    const made = await machines.run(only({ Type: 'Pass', Output: { sum: '{% $states.input.a + 1 %}' }, End: true }), { a: 1 });
    expect(made.status).toBe('SUCCEEDED');
    expect(output(made)).toEqual({ sum: 2 });
    expect(output(await machines.run(only({ Type: 'Pass', End: true }), { a: 1 }))).toEqual({ a: 1 });
  });

  test('Succeed ends the execution with its Output', async () => {
    const ended = await machines.run(only({ Type: 'Succeed', Output: '{% $states.input.a %}' }), { a: 'x' });
    expect(output(ended)).toBe('x');
  });
});
