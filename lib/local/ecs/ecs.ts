/**
 * ECS: a service's tasks as processes of this machine. The container's command runs in the folder that its image is
 * built from, with the task definition's environment and its task role's credentials, and nothing else. What it writes
 * to its temporary folder goes with it, as a container's does. A task that ends is started again, as ECS would; stopping
 * sends SIGTERM and waits as long as the container's stop timeout.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from '../log-file.ts';
import type { CloudContext, Engine } from '../service.ts';

/** What a task definition says, as CloudFormation writes it; what is not read here matters only in AWS. */
interface TaskDefinitionProperties {
  readonly TaskRoleArn?: string;
  readonly ExecutionRoleArn?: string;
  readonly ContainerDefinitions: readonly {
    readonly Name: string;
    readonly Image: string;
    readonly Command?: readonly string[];
    readonly Environment?: readonly { Name: string; Value: string }[];
    readonly StopTimeout?: number;
    readonly LogConfiguration?: { readonly LogDriver: string; readonly Options?: Readonly<Record<string, string>> };
  }[];
}

/** What the repositories hold, by an image's whole name. */
interface Images {
  hasImage(image: string): boolean;
}

export function createEcs(context: CloudContext, images: Images = { hasImage: () => false }): Engine {
  const definitions = new Map<string, TaskDefinition>();
  /** By the service's ARN. */
  const services = new Map<string, Wanted>();
  let started = false;
  const scratch = join(context.dataDir, 'ecs');
  const arn = (kind: string, name: string): string =>
    `arn:aws:ecs:${context.region}:${context.accountId}:${kind}/${name}`;
  return {
    services: [],
    resources: {
      'AWS::ECS::TaskDefinition': {
        identify: ({ name }) => ({
          ref: arn('task-definition', `${name}:1`),
          attributes: { TaskDefinitionArn: arn('task-definition', `${name}:1`) },
        }),
        apply: ({ ref, logicalId, properties }) => {
          definitions.set(ref, read(logicalId, properties as TaskDefinitionProperties, { ...context, ...images }));
        },
        remove: ({ ref }) => void definitions.delete(ref),
        made: () => [...definitions.keys()],
        immutable: 'all',
      },
      'AWS::ECS::Service': {
        identify: ({ name }) => ({
          ref: arn('service', name),
          attributes: { ServiceArn: arn('service', name), Name: name },
        }),
        apply: async ({ ref, logicalId, properties }) => {
          const definition = definitions.get(properties.TaskDefinition);
          if (!definition) throw new Error(`${logicalId}: no task definition ${properties.TaskDefinition}`);
          await stop(ref);
          // A service that scales from nothing still has one task here: one machine is there already.
          const wanted = { definition, count: Math.max(1, Number(properties.DesiredCount ?? 1)), tasks: [] };
          services.set(ref, wanted);
          if (started) run(wanted);
        },
        remove: async ({ ref }) => {
          await stop(ref);
          services.delete(ref);
        },
        made: () => [...services.keys()],
        immutable: ['Cluster', 'LaunchType', 'ServiceName'],
      },
    },
    start() {
      // Of tasks that a kill has ended.
      removeFolder(scratch, context);
      started = true;
      for (const wanted of services.values()) run(wanted);
    },
    async stop() {
      await Promise.all([...services.keys()].map(stop));
    },
  };

  function run({ definition, count, tasks }: Wanted): void {
    const { folder } = definition;
    // A registry holds it, and nothing here runs images: the service is there and has no task.
    if (folder === undefined) {
      context.log('ecs.not-run', { name: definition.name, image: definition.image });
      return;
    }
    for (let index = 0; index < count; index++) {
      tasks.push(new Task({ ...definition, folder }, join(scratch, `${definition.name}-${randomUUID()}`), context));
    }
  }

  async function stop(ref: string): Promise<void> {
    await Promise.all((services.get(ref)?.tasks.splice(0) ?? []).map(task => task.stop()));
  }
}

interface Wanted {
  readonly definition: TaskDefinition;
  readonly count: number;
  readonly tasks: Task[];
}

function read(
  logicalId: string,
  properties: TaskDefinitionProperties,
  { assets, hasImage }: Pick<CloudContext, 'assets'> & Images,
): TaskDefinition {
  const [container, ...others] = properties.ContainerDefinitions;
  if (!container || others.length > 0) throw new Error(`${logicalId}: the local cloud runs tasks of one container`);
  // `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<hash of the image's folder>`
  const image = container.Image;
  const folder = assets(image.split(':').at(-1) ?? '');
  if (folder === undefined && !hasImage(image)) {
    throw new Error(`${logicalId}: the image ${image} is no asset of this assembly, and no repository here has it`);
  }
  const [program, ...args] = container.Command ?? [];
  if (program !== 'node')
    throw new Error(`${logicalId}: the local cloud runs containers whose command is node, not ${program}`);
  return {
    name: container.Name,
    image,
    folder,
    args,
    environment: Object.fromEntries((container.Environment ?? []).map(({ Name, Value }) => [Name, Value])),
    role: properties.TaskRoleArn,
    logs: container.LogConfiguration?.LogDriver === 'awslogs' ? container.LogConfiguration.Options : undefined,
    executionRole: properties.ExecutionRoleArn,
    stopSeconds: container.StopTimeout ?? 30,
  };
}

// One task: a process that is kept running until it is stopped.

interface TaskDefinition {
  readonly name: string;
  readonly image: string;
  /** Where the image's files are; undefined for one that is in a repository alone. */
  readonly folder: string | undefined;
  /** Arguments of `node`. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly role: string | undefined;
  /** Options of the driver that writes to a log group; with what role it does. */
  readonly logs: Readonly<Record<string, string>> | undefined;
  readonly executionRole: string | undefined;
  readonly stopSeconds: number;
}

/** A task that keeps ending is started ever later, up to this. */
const LONGEST_PAUSE_MS = 30_000;
/** One that ran this long was not ending of itself at the start. */
const SOUND_MS = 10_000;

type Runnable = TaskDefinition & { readonly folder: string };

class Task {
  readonly #definition: Runnable;
  /** Its temporary folder, which every run finds empty. */
  readonly #scratch: string;
  readonly #context: CloudContext;
  readonly #log: LogFile;
  readonly #id = randomUUID().replaceAll('-', '');
  #child: ChildProcess | undefined;
  #stopped = false;
  #pauseMs = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(definition: Runnable, scratch: string, context: CloudContext) {
    this.#definition = definition;
    this.#scratch = scratch;
    this.#context = context;
    this.#log = new LogFile(join(context.dataDir, 'logs', `${definition.name}.log`));
    this.#run();
  }

  /** Asks the process to end and waits; one that outlasts its stop timeout is killed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), this.#definition.stopSeconds * 1000);
    await ended;
    clearTimeout(kill);
  }

  /** To the task's file, and line by line to its log group. */
  #write(text: string): void {
    this.#log.write(text);
    const { name, logs = {}, executionRole: as } = this.#definition;
    const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = logs;
    if (group === undefined) return;
    const stream = prefix === undefined ? this.#id : `${prefix}/${name}/${this.#id}`;
    for (const line of text.split('\n')) this.#context.ports.writeLog?.({ group, stream, text: line, as });
  }

  #run(): void {
    const { name, folder, args, environment, role } = this.#definition;
    const { region, awsUrl, iam } = this.#context;
    const credentials = role ? iam.sessionFor(role, name) : undefined;
    const startedAt = Date.now();
    removeFolder(this.#scratch, this.#context);
    try {
      mkdirSync(this.#scratch, { recursive: true });
    } catch (error) {
      this.#again(startedAt, { name, error: String(error) });
      return;
    }
    const child = spawn(process.execPath, ['--import', GUARD, ...args], {
      cwd: folder,
      env: {
        ...environment,
        AWS_REGION: region,
        AWS_ENDPOINT_URL: awsUrl,
        TZ: 'UTC',
        TMPDIR: this.#scratch,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(this.#context.dataDir, 'compile-cache'),
        ...(credentials && {
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_SESSION_TOKEN: credentials.sessionToken,
        }),
      },
      // The pipe on standard input closes when this process dies, however it dies: the guard then ends the task.
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => this.#write(chunk.toString('utf8')));
    child.on('error', error => {
      // A process that was never made has no exit; where there is one, such as for a signal that was not sent, it comes.
      if (child.pid === undefined && !this.#stopped) this.#again(startedAt, { name, error: error.message });
    });
    child.on('exit', (code, signal) => {
      if (this.#stopped) removeFolder(this.#scratch, this.#context);
      else this.#again(startedAt, { name, code, signal });
    });
  }

  #again(startedAt: number, how: Readonly<Record<string, unknown>>): void {
    this.#pauseMs = Date.now() - startedAt > SOUND_MS ? 0 : Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2 + 500);
    this.#context.log('task ended; it is started again', { ...how, pauseMs: this.#pauseMs });
    this.#restart = setTimeout(() => this.#run(), this.#pauseMs);
  }
}

/** What cannot be removed now is removed by the next run. */
function removeFolder(path: string, { log }: Pick<CloudContext, 'log'>): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    log('ecs.left-behind', { path, error: String(error) });
  }
}

/** Ends the process when its parent has gone, as a container ends with its host. */
const GUARD = `data:text/javascript,${encodeURIComponent(
  "process.stdin.on('close', () => process.exit(1)).on('error', () => process.exit(1)).resume().unref?.()",
)}`;
