/** A process to be killed: a cloud with one function that is busy. Prints the function's process id. */
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import { startEngines } from './engine-cloud.ts';
import { makeFunction } from './function-asset.ts';

const [dataDir = '', source = ''] = process.argv.slice(2);
const cloud = await startEngines([createLambda], { dataDir });
const made = await makeFunction(cloud, 'Busy', source, { Timeout: 900 });
cloud.context.iam.setResourcePolicy(String(made.attributes.Arn), 'test', [
  { Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction' },
]);
const call = { functionArn: String(made.attributes.Arn), as: 'test.amazonaws.com' };
const { payload } = await cloud.context.ports.invokeFunction({ ...call, payload: '{"pid":true}' });
process.stdout.write(`${payload}\n`);
await cloud.context.ports.invokeFunction({ ...call, payload: '{}' });
