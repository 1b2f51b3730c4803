/**
 * The CDK app: the only definition of the system. Every stack is env-agnostic, so that it synthesises without an AWS
 * account and the same template deploys to any. Invariants: nothing is looked up; nothing depends on the machine.
 */
import { App, Validations } from 'aws-cdk-lib';
import { ApiStack } from '../lib/api-stack.ts';
import { DataStack } from '../lib/data-stack.ts';
import { FEATURE_FLAGS } from '../lib/feature-flags.ts';
import { GenerationStack } from '../lib/generation-stack.ts';
import { readStage } from '../lib/stage.ts';

const app = new App({
  // Here and not in cdk.json, which only the CLI reads: `npm start` runs this file without it.
  context: FEATURE_FLAGS,
  analyticsReporting: false,
  treeMetadata: false,
});
const stage = readStage(key => app.node.tryGetContext(key), process.env);

// CDK's own switch for its checks of a template, obeyed by ours too: `npm start` runs what was checked before.
if (process.env.CDK_VALIDATION !== 'false') {
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

const name = `Mutoscope-${stage.name}`;
const data = new DataStack(app, `${name}-Data`, { stage });
const generation = new GenerationStack(app, `${name}-Generation`, { stage, data });
new ApiStack(app, `${name}-Api`, { stage, data, generation });
app.synth();
