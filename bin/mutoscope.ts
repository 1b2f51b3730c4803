/** The CDK app, for the CDK CLI and for `npm start`: writes the assembly to `CDK_OUTDIR`, or `cdk.out`. */
import { buildAhead } from '../lib/constructs/bundles.ts';

const built = buildAhead();
// Loaded while esbuild works.
const [{ Validations }, { makeApp }, { settingsAtDefault }] = await Promise.all([
  import('aws-cdk-lib'),
  import('../lib/app.ts'),
  import('../lib/stage.ts'),
]);
await built;
const app = makeApp(process.env);
const left = settingsAtDefault(key => app.node.tryGetContext(key), process.env);
process.stderr.write(`Settings of the stage (lib/stage.ts says what each is) ${left}\n`);
// CDK's own switch for its checks of a template, obeyed by ours too: `npm start` runs what was checked before.
if (process.env.CDK_VALIDATION !== 'false') {
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
app.synth();
