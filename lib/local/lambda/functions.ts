/** The functions of this account, by any of the names that a caller may use, with their versions and aliases. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Properties } from '../properties.ts';
import { replaceFile } from '../replace-file.ts';
import { type AssetResolver, AwsError, type PolicyStatement, type Resource } from '../service.ts';

interface Named {
  readonly definition: FunctionDefinition;
  /** As called: the function's own ARN, or that of a version or alias. */
  readonly arn: string;
}

export class Functions {
  readonly #account: { region: string; accountId: string };
  readonly #byName = new Map<string, FunctionDefinition>();
  /** The ARN of a version or alias, and the name of its function. */
  readonly #qualified = new Map<string, string>();
  readonly #code = new Map<string, CodeFacts>();
  readonly #policies = new Map<string, Map<string, PolicyStatement & { readonly Sid: string }>>();

  constructor(account: { region: string; accountId: string }) {
    this.#account = account;
  }

  arnOf(name: string): string {
    return `arn:aws:lambda:${this.#account.region}:${this.#account.accountId}:function:${name}`;
  }

  /** Answers whether the function is new or has changed. */
  put(definition: FunctionDefinition): boolean {
    const before = this.#byName.get(definition.name);
    this.#byName.set(definition.name, definition);
    this.#code.delete(definition.name);
    return before?.revision !== definition.revision;
  }

  remove(name: string): void {
    this.#byName.delete(name);
    this.#code.delete(name);
    this.#policies.delete(this.arnOf(name));
  }

  unqualify(arn: string): void {
    this.#qualified.delete(arn);
  }

  /** Takes a statement from the resource policy of `arn`. */
  forbid(arn: string, sid: string): void {
    this.#policies.get(arn)?.delete(sid);
  }

  qualify(arn: string, target: string): void {
    this.#qualified.set(arn, this.find(target).definition.name);
  }

  /** By name, ARN, or partial ARN (`account:function:name`). Throws ResourceNotFoundException. */
  find(called: string): Named {
    const name = called.split(':function:').at(-1) ?? called;
    const arn = this.arnOf(name);
    const [plain = '', qualifier] = name.split(':');
    const alias = this.#qualified.get(arn);
    const latest = qualifier === undefined || qualifier === '$LATEST';
    const definition = this.#byName.get(alias ?? (latest ? plain : ''));
    if (!definition || (called.startsWith('arn:') && called !== arn)) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    }
    return { definition, arn: alias ? arn : definition.arn };
  }

  /** The ARN that a call by this name is authorized on; the function need not exist. */
  calledArn(called: string): string {
    return called.startsWith('arn:') ? called : this.arnOf(called.split(':function:').at(-1) ?? called);
  }

  has(called: string): boolean {
    try {
      return this.find(called) !== undefined;
    } catch {
      return false;
    }
  }

  list(): readonly FunctionDefinition[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What is to be said of the function's code: read where it is first asked for. */
  codeOf(definition: FunctionDefinition): CodeFacts {
    const known = this.#code.get(definition.name) ?? factsOf(definition.codeFolder);
    this.#code.set(definition.name, known);
    return known;
  }

  permit(arn: string, statement: PolicyStatement & { readonly Sid: string }): void {
    const statements = this.#policies.get(arn) ?? new Map();
    this.#policies.set(arn, statements.set(statement.Sid, statement));
  }

  /** The resource policy's statements; empty where there is none. */
  policyOf(arn: string): readonly PolicyStatement[] {
    return [...(this.#policies.get(arn)?.values() ?? [])];
  }
}

/** AWS says these of the archive in which code comes; here, of the files that it would hold. */
interface CodeFacts {
  /** SHA-256 in base64 of each file's name and bytes, in the order of their names. */
  readonly sha256: string;
  readonly bytes: number;
  readonly modified: Date;
}

function factsOf(folder: string | undefined): CodeFacts {
  const hash = createHash('sha256');
  let bytes = 0;
  let modified = 0;
  const entries = folder === undefined ? [] : readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const content = readFileSync(file);
    hash.update(`${file.slice(folder?.length)}\0${content.length}\0`).update(content);
    bytes += content.length;
    modified = Math.max(modified, statSync(file).mtimeMs);
  }
  return { sha256: hash.digest('base64'), bytes, modified: new Date(modified) };
}

// `AWS::Lambda::Function` as the engine runs it. A function's code is a folder: the asset that the template's metadata
// or the key of its code names, or inline text, which is written below the data directory.

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
  /** The log group that it writes to. */
  readonly logGroup: string;
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
interface CodePlaces {
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
    logGroup: logging?.optionalString('LogGroup') ?? `/aws/lambda/${resource.ref}`,
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
    replaceFile(join(folder, 'index.js'), inline);
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
