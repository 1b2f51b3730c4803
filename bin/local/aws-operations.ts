/** The operations that AWS has of each service, as the SDK's clients that the project depends on know them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface AwsOperation {
  readonly name: string;
  /** Where the service tells operations apart by HTTP alone. */
  readonly http: AwsHttp | undefined;
  /** The members of its input. */
  readonly members: readonly string[];
}

export interface AwsHttp {
  readonly method: string;
  /** With labels in braces, and the query by which it is told from others. */
  readonly path: string;
  /** Headers and parameters that its input must have. */
  readonly headers: readonly string[];
  readonly query: readonly string[];
  /** Whether it goes to a host of its own. */
  readonly elsewhere: boolean;
}

interface SdkClient {
  readonly config: { readonly defaultSigningName?: string };
}
type SdkClientClass = new (options: { region: string }) => SdkClient;
/** An operation's schema in the SDK. */
type OperationSchema = readonly [kind: number, namespace: string, name: string, traits: unknown, input: unknown];
/** That of a structure: as many of its members as the last element says are required. */
type StructureSchema = readonly [
  kind: number,
  namespace: string,
  name: string,
  traits: unknown,
  members?: readonly string[],
  shapes?: readonly unknown[],
  required?: number,
];
type SdkCommandClass = new (input: object) => { readonly schema: OperationSchema };

/** By the name with which calls of the service are signed. */
export async function awsOperations(root: string): Promise<Readonly<Record<string, readonly AwsOperation[]>>> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const clients = Object.keys({ ...dependencies, ...devDependencies }).filter(name =>
    name.startsWith('@aws-sdk/client-'),
  );
  const known = await Promise.all(
    clients.map(async (name): Promise<readonly [string, readonly AwsOperation[]]> => {
      const loaded = (await import(name)) as Readonly<Record<string, unknown>>;
      const exported = Object.keys(loaded);
      const clientName = exported.find(each => /^[A-Za-z0-9]+Client$/.test(each)) ?? '';
      const client = new (loaded[clientName] as SdkClientClass)({ region: 'us-east-1' });
      const commands = exported.filter(each => each.endsWith('Command') && each !== '$Command');
      return [client.config.defaultSigningName ?? '', commands.map(each => describe(loaded[each] as SdkCommandClass))];
    }),
  );
  return Object.fromEntries(known);
}

function describe(Command: SdkCommandClass): AwsOperation {
  const [, , name, given, input] = new Command({}).schema;
  const traits = traitsIn(given);
  const shape = (typeof input === 'function' ? input() : input) as StructureSchema | undefined;
  const [, , , , members = [], shapes = [], required = 0] = Array.isArray(shape) ? shape : ([] as never);
  const needed = shapes.slice(0, required).map(member => traitsIn(Array.isArray(member) ? member[1] : undefined));
  const at = (trait: string) => needed.map(one => one[trait]).filter(each => typeof each === 'string');
  const { http } = traits;
  const [method, path] = Array.isArray(http) ? http.map(String) : [];
  const bound = { headers: at('httpHeader'), query: at('httpQuery'), elsewhere: traits.endpoint !== undefined };
  return { name, http: method && path ? { method, path, ...bound } : undefined, members };
}

function traitsIn(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
}
