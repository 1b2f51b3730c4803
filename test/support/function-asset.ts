/** Code of a Lambda function for a test: a folder such as `cdk synth` would have made, and the resource's properties. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '../../lib/local/service.ts';
import type { EngineCloud } from './engine-cloud.ts';

export const FUNCTION_ROLE = 'arn:aws:iam::000000000000:role/function';

/** Makes a function from the source of its module; `file` decides what kind of module it is. */
export function makeFunction(
  cloud: EngineCloud,
  logicalId: string,
  source: string,
  properties: Record<string, unknown> = {},
  file = 'index.mjs',
): Promise<Resource> {
  // As in a project of ES modules: the package.json is above the assembly, not in the asset.
  const project = mkdtempSync(join(cloud.context.dataDir, 'asset-'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  const folder = join(project, `asset.${logicalId}`);
  mkdirSync(folder);
  writeFileSync(join(folder, file), source);
  const all = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: FUNCTION_ROLE, Timeout: 10, ...properties };
  return cloud.make('AWS::Lambda::Function', logicalId, all, { 'aws:asset:path': folder });
}
