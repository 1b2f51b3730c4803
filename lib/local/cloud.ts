/**
 * The local cloud: boots a synthesised CDK assembly on embedded engines that speak AWS's protocols on loopback. It knows
 * CloudFormation, and nothing of what runs on it. All state is in `dataDir`; a new start on the same folder goes on
 * where the last one was, however that ended.
 */
import { join } from 'node:path';
import { createApiGateway } from './apigateway/apigateway.ts';
import { type Assembly, readAssembly } from './assembly.ts';
import { createAthena } from './athena/athena.ts';
import { AwsEndpoint } from './aws-endpoint.ts';
import { Clock } from './clock.ts';
import { createCloudFormation } from './cloudformation/cloudformation.ts';
import { createCognito } from './cognito/cognito.ts';
import { openDatabase } from './database.ts';
import type { ContentionCounts, ContentionOptions } from './dynamodb/contention.ts';
import { createDynamoDb } from './dynamodb/dynamodb.ts';
import { createEcr } from './ecr/ecr.ts';
import { createEcs } from './ecs/ecs.ts';
import { lockDataDir } from './folder-lock.ts';
import { createGlue } from './glue/glue.ts';
import { createIam, LocalIam } from './iam.ts';
import { createKms } from './kms/kms.ts';
import { createLambda } from './lambda/lambda.ts';
import { LogFile } from './log-file.ts';
import { createLogs } from './logs/logs.ts';
import { ProvidedPorts } from './provided-ports.ts';
import { type Provisioned, provision } from './provision.ts';
import { createS3 } from './s3/s3.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { createSecretsManager } from './secretsmanager/secretsmanager.ts';
import type { CloudContext, Credentials, Engine, Service } from './service.ts';
import { createSes } from './ses/ses.ts';
import { createSqs } from './sqs/sqs.ts';
import { createSsm } from './ssm/ssm.ts';
import { createStates } from './states/states.ts';
import { createSts } from './sts/sts.ts';

export interface LocalCloudOptions {
  /** The folder that `cdk synth` wrote; without one the cloud begins with the stacks that were deployed to it, or none. */
  readonly assembly?: string;
  readonly dataDir: string;
  /** Of the API; 0 takes a free one. */
  readonly port: number;
  /** Of the AWS endpoint; 0, the default, takes a free one. */
  readonly awsPort?: number;
  /** Of the user pools' issuers; 0, the default, takes a free one. */
  readonly oidcPort?: number;
  /** Contention of DynamoDB's calls from the start on; also `contention` while it runs. */
  readonly contention?: ContentionOptions;
  /** Told of each step's milliseconds as it ends. */
  readonly onStep?: (step: string, ms: number) => void;
}

export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';

export class LocalCloud {
  /** The API, as its custom domain would show it. */
  readonly apiUrl: string;
  /** One endpoint for every AWS service. */
  readonly awsUrl: string;
  /** Each user pool's issuer, with its sign-in pages, is `<oidcUrl>/<pool id>`. */
  readonly oidcUrl: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly routes: ReturnType<ReturnType<typeof createApiGateway>['routes']>;
  readonly provisioned: Provisioned;
  /** Lets calls of DynamoDB meet contention from now on, by these options; without any, none. */
  readonly contention: (options?: ContentionOptions) => ContentionCounts;
  /** Starts each function once in the background, ahead of its first request. */
  readonly prewarm: () => void;
  /** All that there is of each type of resource, whoever made it. */
  readonly inventory: () => Readonly<Record<string, readonly string[]>>;
  readonly #stop: () => Promise<void>;
  #stopping: Promise<void> | undefined;

  private constructor(fields: Omit<LocalCloud, 'dispose' | 'client'>, stop: () => Promise<void>) {
    this.apiUrl = fields.apiUrl;
    this.awsUrl = fields.awsUrl;
    this.oidcUrl = fields.oidcUrl;
    this.credentials = fields.credentials;
    this.clock = fields.clock;
    this.routes = fields.routes;
    this.provisioned = fields.provisioned;
    this.contention = fields.contention;
    this.prewarm = fields.prewarm;
    this.inventory = fields.inventory;
    this.#stop = stop;
  }

  /** Options for an AWS SDK client that may do everything. */
  get client(): { endpoint: string; region: string; credentials: Credentials } {
    return { endpoint: this.awsUrl, region: REGION, credentials: this.credentials };
  }

  /** Resolves when everything answers. Throws where a port or the folder is taken, or a resource cannot be made. */
  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const step = stepper(options.onStep);
    const unlock = lockDataDir(options.dataDir);
    const closing: (() => void | Promise<void>)[] = [unlock];
    /** In the reverse order of opening, and to the end: what fails to close must not keep the folder. */
    const stop = async (): Promise<void> => {
      let failure: unknown;
      for (const close of closing.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          failure ??= error;
        }
      }
      if (failure !== undefined) throw failure;
    };
    try {
      const log = new LogFile(join(options.dataDir, 'logs', 'cloud.log'));
      closing.push(() => log.close());
      const database = openDatabase(options.dataDir);
      closing.push(() => database.close());
      const clock = new Clock();
      closing.push(() => clock.stop());
      const iam = new LocalIam(database, { accountId: ACCOUNT_ID });
      const endpoint = new AwsEndpoint(iam, clock);
      closing.push(() => endpoint.close());
      const assembly = options.assembly === undefined ? NO_ASSEMBLY : readAssembly(options.assembly);
      const awsUrl = await endpoint.listen(options.awsPort ?? 0);
      const ports = new ProvidedPorts();
      const context = {
        region: REGION,
        accountId: ACCOUNT_ID,
        dataDir: options.dataDir,
        awsUrl,
        clock,
        database,
        iam,
        ports,
        assets: hash => assembly.assetFolder(hash),
        foundHere: text => withAddressesHere(text, made.engines),
        log: (event, fields = {}) =>
          log.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`),
      } satisfies CloudContext;
      const made = await createEngines(context, options, closing);
      const { engines, gateway, cognito, dynamodb, lambda, cloudformation } = made;
      if (options.contention) dynamodb.contention(options.contention);
      for (const engine of engines) ports.provide(engine.provides);
      for (const service of engines.flatMap(engine => engine.services)) endpoint.add(service);
      step('engines');
      await cloudformation.deployments.restore(new Set(assembly.stacks.map(({ name }) => name)));
      const provisioned = await provision(assembly, engines, { region: REGION, accountId: ACCOUNT_ID });
      step('resources');
      for (const engine of engines) {
        if (engine !== cognito) closing.push(() => engine.stop?.());
        await engine.start?.();
      }
      step('start');
      const fields = {
        apiUrl: gateway.url(),
        awsUrl,
        oidcUrl: cognito.url,
        credentials: iam.administrator(),
        clock,
        routes: gateway.routes(),
        provisioned: {
          ...provisioned,
          outputs: Object.fromEntries(
            Object.entries(provisioned.outputs).map(([name, value]) => [name, context.foundHere(value)]),
          ),
        },
        contention: dynamodb.contention,
        prewarm: lambda.prewarm,
        inventory: () => inventoryOf(engines),
      };
      return new LocalCloud(fields, stop);
    } catch (error) {
      await stop().catch(() => {});
      throw error;
    }
  }

  /** Stops everything; a second call waits for the first. */
  dispose(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }
}

/** A text, with addresses that lead to this machine in place of those in AWS. */
function withAddressesHere(text: string, engines: readonly Engine[]): string {
  const addresses = engines.flatMap(engine => Object.entries(engine.addresses?.() ?? {}));
  return addresses.reduce((found, [inAws, here]) => found.replaceAll(inAws, here), text);
}

const NO_ASSEMBLY: Assembly = { stacks: [], assetFolder: () => undefined };

function inventoryOf(engines: readonly Engine[]): Readonly<Record<string, readonly string[]>> {
  const types = engines.flatMap(engine => Object.entries(engine.resources));
  return Object.fromEntries(types.map(([type, { made }]) => [type, made?.() ?? []]));
}

/** Every engine of the cloud, not started yet. `closing` has at once what must be stopped even so. */
async function createEngines(
  context: CloudContext & { readonly iam: LocalIam },
  options: { readonly port: number; readonly oidcPort?: number },
  closing: (() => void | Promise<void>)[],
) {
  const gateway = createApiGateway(context, { port: options.port });
  const cognito = await createCognito(context, { port: options.oidcPort ?? 0 });
  // It listens already, and stops even where a resource cannot be made.
  closing.push(() => cognito.stop?.());
  const s3 = createS3(context);
  const glue = createGlue(context);
  const dynamodb = createDynamoDb(context);
  const lambda = createLambda(context);
  const ecr = createEcr(context);
  const ssm = createSsm(context);
  const lookups = { parameter: (name: string) => ssm.parameters.find(name)?.value };
  const cloudformation = createCloudFormation(context, { objects: s3.objects, lookups });
  const engines: readonly Engine[] = [
    createIam(context.iam, ACCOUNT_ID),
    createLogs(context),
    dynamodb,
    s3,
    glue,
    createAthena(context, { catalog: glue.catalog, objects: s3.objects }),
    createSqs(context),
    lambda,
    createStates(context),
    createScheduler(context),
    createEcs(context, ecr),
    cognito,
    createSecretsManager(context),
    createKms(context),
    createSes(context),
    createSts(context),
    ecr,
    ssm,
    gateway,
    // Last, as it goes on with stacks that are made of all the others.
    cloudformation,
  ];
  cloudformation.deployments.manage(engines);
  return { engines, gateway, cognito, dynamodb, lambda, cloudformation };
}

/** The services of the cloud with their tables of operations, made on the empty folder `dataDir` and not started. */
export async function offeredServices(dataDir: string): Promise<readonly Service[]> {
  const clock = new Clock();
  const database = openDatabase(dataDir);
  const closing: (() => void | Promise<void>)[] = [];
  const context = {
    region: REGION,
    accountId: ACCOUNT_ID,
    dataDir,
    awsUrl: 'http://127.0.0.1:0',
    clock,
    database,
    iam: new LocalIam(database, { accountId: ACCOUNT_ID }),
    ports: new ProvidedPorts(),
    assets: () => undefined,
    foundHere: text => text,
    log: () => {},
  } satisfies CloudContext;
  try {
    const { engines } = await createEngines(context, { port: 0 }, closing);
    return engines.flatMap(({ services }) => services);
  } finally {
    for (const close of closing) await close();
    clock.stop();
    database.close();
  }
}

function stepper(onStep: LocalCloudOptions['onStep']): (step: string) => void {
  let since = performance.now();
  return step => {
    const now = performance.now();
    onStep?.(step, Math.round(now - since));
    since = now;
  };
}
