import { App, type AppProps, Stack } from 'aws-cdk-lib';
import { ApiStack } from './api-stack.ts';
import { DataStack } from './data-stack.ts';
import { FEATURE_FLAGS } from './feature-flags.ts';
import { GenerationStack } from './generation-stack.ts';
import { IdentityStack } from './identity-stack.ts';
import { assertSpelt, readStage } from './stage.ts';

/**
 * The app with the stacks of one stage, which it reads from its context and `environment`. Invariants: env-agnostic, so
 * that it synthesises without an AWS account and deploys to any; nothing is looked up.
 */
export function makeApp(environment: Readonly<Record<string, string | undefined>>, props: AppProps = {}): App {
  const app = new App({
    // Here and not in cdk.json, which only the CLI reads: `npm start` does without it.
    context: FEATURE_FLAGS,
    analyticsReporting: false,
    treeMetadata: false,
    ...props,
  });
  assertSpelt(Object.keys(app.node.getAllContext()));
  const stage = readStage(key => app.node.tryGetContext(key), environment);
  const name = `Mutoscope-${stage.name}`;
  const data = new DataStack(app, `${name}-Data`, { stage });
  const generation = new GenerationStack(app, `${name}-Generation`, { stage, data });
  const identity = new IdentityStack(app, `${name}-Identity`, { stage });
  const platform = new Stack(app, `${name}-Platform`, {
    description: 'Mutoscope: what follows events: alerts, agreements, the audit trail',
  });
  const api = new ApiStack(app, `${name}-Api`, { stage, data, generation, identity, platform });
  // The functions behind the routes have stood there: what that stack exported goes once the API no longer imports it.
  platform.addStackDependency(api);
  return app;
}
