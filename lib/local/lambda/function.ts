/**
 * `AWS::Lambda::Function` as the engine runs it. A function's code is a folder: the asset that the template's metadata
 * or the key of its code names, or inline text, which is written below the data directory.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Properties } from '../properties.ts';
import type { AssetResolver, Resource } from '../service.ts';

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly runtime: string;
  /** `file.function`, below the code folder. */
  readonly handler: string;
  readonly role: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly reservedConcurrency: number | undefined;
  /** Absolute; undefined for a runtime other than Node, which is accepted and never run. */
  readonly codeFolder: string | undefined;
  readonly jsonLogs: boolean;
  readonly architectures: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** A hash of all the above: it changes when the function does. */
  readonly revision: string;
}

const KNOWN = [
  'FunctionName',
  'Code',
  'Handler',
  'Runtime',
  'Timeout',
  'MemorySize',
  'Environment',
  'Role',
  'Description',
  'Architectures',
  'ReservedConcurrentExecutions',
  'LoggingConfig',
  'TracingConfig',
  'Tags',
  'PackageType',
];

/** Where the code of functions is. */
export interface CodePlaces {
  readonly inlineFolder: string;
  readonly assets: AssetResolver;
}

/** Reads the resource; throws by name for what the engine cannot honour. */
export function readFunction(resource: Resource, places: CodePlaces): FunctionDefinition {
  const properties = Properties.of(resource, KNOWN);
  properties.choice('PackageType', ['Zip'], 'Zip');
  properties.nested('TracingConfig', ['Mode']);
  const runtime = properties.string('Runtime');
  const logging = properties.nested('LoggingConfig', [
    'LogFormat',
    'LogGroup',
    'ApplicationLogLevel',
    'SystemLogLevel',
  ]);
  const handler = properties.string('Handler');
  const definition = {
    name: resource.ref,
    arn: String(resource.attributes.Arn),
    runtime,
    handler,
    role: properties.string('Role'),
    description: properties.string('Description', ''),
    timeoutSeconds: within(properties, 'Timeout', 3, 1, 900),
    memoryMb: within(properties, 'MemorySize', 128, 128, 10_240),
    environment: properties.nested('Environment', ['Variables'])?.map('Variables') ?? {},
    reservedConcurrency: properties.optionalNumber('ReservedConcurrentExecutions'),
    codeFolder: runtime.startsWith('nodejs') ? codeFolder(resource, properties, places) : undefined,
    jsonLogs: logging?.choice('LogFormat', ['Text', 'JSON'], 'Text') === 'JSON',
    architectures: properties.has('Architectures') ? properties.strings('Architectures') : ['x86_64'],
    tags: Object.fromEntries(
      properties.items('Tags', ['Key', 'Value']).map(tag => [tag.string('Key'), tag.string('Value')]),
    ),
  };
  return { ...definition, revision: createHash('sha256').update(JSON.stringify(definition)).digest('hex') };
}

function within(properties: Properties, name: string, fallback: number, least: number, most: number): number {
  const value = properties.number(name, fallback);
  return value >= least && value <= most
    ? value
    : properties.refuse(name, `should be ${least} to ${most}, not ${value}`);
}

function codeFolder(resource: Resource, properties: Properties, { inlineFolder, assets }: CodePlaces): string {
  const code = properties.nested('Code', ['S3Bucket', 'S3Key', 'ZipFile']);
  const inline = code?.optionalString('ZipFile');
  if (inline !== undefined) {
    const folder = join(inlineFolder, resource.ref);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), inline);
    return folder;
  }
  // The key of an asset in its bucket is its hash.
  const [hash = ''] = (code?.optionalString('S3Key') ?? '').split('.');
  const asset = resource.metadata['aws:asset:path'] ?? assets(hash);
  if (typeof asset !== 'string') {
    return properties.refuse('Code', 'the code of a function is an asset of the assembly, or inline (ZipFile)');
  }
  if (!statSync(asset, { throwIfNoEntry: false })?.isDirectory()) {
    return properties.refuse('Code', `the asset ${asset} is not a folder`);
  }
  return asset;
}
