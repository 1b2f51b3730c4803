import { existsSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Stage as Assembly, type Duration, FileAssetPackaging, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  type CodeConfig,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { bundleOf, CHUNKS } from './bundles.ts';
import { grantUses, type Uses } from './use.ts';

/** Of what functions count, by the `service` that is their folder. */
export const METRICS_NAMESPACE = 'Mutoscope';

export interface FunctionNeeds {
  readonly timeout: Duration;
  /** MB. 512 is the least at which Node's cold start and the AWS SDK are not starved of CPU. */
  readonly memory?: number;
  /** What it uses of other resources: variable and grant in one. */
  readonly uses: Uses;
  /** Variables that name no resource. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where Lambda itself retries what was invoked asynchronously; by default its own two times in six hours. */
  readonly asynchronous?: { readonly retryAttempts: 0 | 1 | 2; readonly maxEventAge: Duration };
}

/**
 * The Lambda of an entry, named by its path from the root, such as `functions/keys/authorizer.lambda.ts`: its code, its
 * log group, and a role that may do what `needs.uses` says and nothing else.
 */
export function functionFor(scope: Construct, entry: string, stage: Stage, needs: FunctionNeeds): LambdaFunction {
  const [, noun = ''] = entry.split('/');
  // Unique among all entries, in whichever folder: CDK refuses a second one.
  const id = pascal(basename(entry, '.lambda.ts'));
  const logGroup = new LogGroup(scope, `${id}Logs`, { retention: stage.logRetention, removalPolicy: stage.removal });
  // Not AWS's managed policy, which allows writing to every log group of the account.
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${entry} may do`,
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
  );
  const made = new LambdaFunction(scope, id, {
    description: entry,
    code: new BundleCode(entry),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: needs.memory ?? 512,
    timeout: needs.timeout,
    role,
    logGroup,
    tracing: Tracing.ACTIVE,
    ...needs.asynchronous,
    environment: {
      POWERTOOLS_SERVICE_NAME: noun,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      POWERTOOLS_LOG_LEVEL: stage.logLevel,
      ...needs.settings,
      ...grantUses(role, needs.uses),
    },
  });
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]':
      'X-Ray takes trace segments without naming a resource; every other statement names its own.',
  });
  return made;
}

/**
 * The bundle of an entry, laid down in the assembly itself: CDK's own staging would read and copy each chunk once more for
 * every function that reaches it.
 */
class BundleCode extends Code {
  readonly isInline = false;
  readonly #entry: string;

  constructor(entry: string) {
    super();
    this.#entry = entry;
  }

  bind(scope: Construct): CodeConfig {
    const { hash: sourceHash, files } = bundleOf(this.#entry);
    const assembly = Assembly.of(scope)?.assetOutdir;
    if (assembly === undefined) throw new Error(`the function of ${this.#entry} belongs to no app`);
    const fileName = `asset.${sourceHash}`;
    const folder = join(assembly, fileName);
    if (!existsSync(folder)) {
      mkdirSync(join(folder, CHUNKS), { recursive: true });
      for (const { name, contents } of files) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeShared(assembly, join(folder, name), contents);
      }
    }
    const asset = { sourceHash, fileName, packaging: FileAssetPackaging.ZIP_DIRECTORY, displayName: this.#entry };
    const { bucketName, objectKey } = Stack.of(scope).synthesizer.addFileAsset(asset);
    return { s3Location: { bucketName, objectKey } };
  }
}

/** By assembly: where a file of the bundles was written first. */
const written = new Map<string, Map<Uint8Array, string>>();

/** Writes a file once for all assets of an assembly: the others hold links to it, where the file system has them. */
function writeShared(assembly: string, path: string, contents: Uint8Array): void {
  const files = written.get(assembly) ?? new Map<Uint8Array, string>();
  written.set(assembly, files);
  const first = files.get(contents);
  try {
    if (first === undefined) throw new Error('nothing to link to');
    linkSync(first, path);
  } catch {
    writeFileSync(path, contents);
    files.set(contents, path);
  }
}

/** `upload-image` -> `UploadImage`. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
