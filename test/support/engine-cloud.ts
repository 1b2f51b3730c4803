/** One or more engines behind the AWS endpoint, without a template: what the tests in `test/engines` talk to through the AWS SDK. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsEndpoint } from '../../lib/local/aws-endpoint.ts';
import { Clock } from '../../lib/local/clock.ts';
import { openDatabase } from '../../lib/local/database.ts';
import { LocalIam } from '../../lib/local/iam.ts';
import { ProvidedPorts } from '../../lib/local/provided-ports.ts';
import type { CloudContext, Engine, Ports, Resource } from '../../lib/local/service.ts';

export interface EngineCloud {
  readonly clock: Clock;
  readonly context: CloudContext;
  readonly engines: readonly Engine[];
  /** Options for any AWS SDK client; acts as an administrator. */
  readonly client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** The same for a principal with no permission but those of `statements`. */
  clientAs(roleArn: string): EngineCloud['client'];
  /** Makes a resource as the template would. */
  make(type: string, logicalId: string, properties: unknown, metadata?: Record<string, unknown>): Promise<Resource>;
  /** Stops the engines and starts new ones on the same data, as after `kill -9`. */
  restart(): Promise<EngineCloud>;
  stop(): Promise<void>;
}

export type EngineFactory = (context: CloudContext) => Engine | Promise<Engine>;

/** Starts `factories` behind one endpoint on a free port, with all data in a new temporary folder (or `dataDir`). */
export async function startEngines(
  factories: readonly EngineFactory[],
  options: { dataDir?: string; ports?: Partial<Ports>; assets?: CloudContext['assets'] } = {},
): Promise<EngineCloud> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'engines-'));
  const clock = new Clock();
  const database = openDatabase(dataDir);
  const iam = new LocalIam(database, { accountId: '000000000000' });
  const endpoint = new AwsEndpoint(iam, clock);
  const awsUrl = await endpoint.listen(0);
  const ports = new ProvidedPorts(options.ports);
  const context: CloudContext = {
    region: 'us-east-1',
    accountId: '000000000000',
    dataDir,
    awsUrl,
    clock,
    database,
    ports,
    assets: options.assets ?? (() => undefined),
    foundHere: text => text,
    iam,
    log: () => {},
  };
  const engines = await Promise.all(factories.map(factory => factory(context)));
  for (const engine of engines) ports.provide(engine.provides);
  for (const service of engines.flatMap(engine => engine.services)) endpoint.add(service);
  for (const engine of engines) await engine.start?.();
  const client = { endpoint: awsUrl, region: 'us-east-1', credentials: iam.administrator() };

  async function halt(): Promise<void> {
    for (const engine of [...engines].reverse()) await engine.stop?.();
    await endpoint.close();
    clock.stop();
    database.close();
  }
  return {
    clock,
    context,
    engines,
    client,
    clientAs: roleArn => ({ ...client, credentials: iam.credentialsFor(roleArn) }),
    async make(type, logicalId, properties, metadata = {}) {
      const resourceType = engines.map(engine => engine.resources[type]).find(found => found !== undefined);
      if (!resourceType) throw new Error(`no engine here makes ${type}`);
      const identity = resourceType.identify({
        logicalId,
        stack: 'Test',
        name: `Test-${logicalId}`,
        properties: properties as Record<string, unknown>,
      });
      const resource: Resource = { ...identity, logicalId, stack: 'Test', type, properties, metadata };
      await resourceType.apply?.(resource);
      return resource;
    },
    async restart() {
      await halt();
      return startEngines(factories, { ...options, dataDir });
    },
    async stop() {
      await halt();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
