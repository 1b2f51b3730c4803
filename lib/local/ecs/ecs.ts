/**
 * ECS: a service's tasks as processes of this machine. The container's command runs in the folder that its image is
 * built from, with the task definition's environment and its task role's credentials, and nothing else. A task that
 * ends is started again, as ECS would; stopping sends SIGTERM and waits as long as the container's stop timeout.
 */
import type { CloudContext, Engine } from '../service.ts';
import { Task, type TaskDefinition } from './task.ts';

/** What a task definition says, as CloudFormation writes it; what is not read here matters only in AWS. */
interface TaskDefinitionProperties {
  readonly TaskRoleArn?: string;
  readonly ContainerDefinitions: readonly {
    readonly Name: string;
    readonly Image: string;
    readonly Command?: readonly string[];
    readonly Environment?: readonly { Name: string; Value: string }[];
    readonly StopTimeout?: number;
  }[];
}

export function createEcs(context: CloudContext): Engine {
  const definitions = new Map<string, TaskDefinition>();
  const wanted: { definition: TaskDefinition; count: number }[] = [];
  const tasks: Task[] = [];
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
          definitions.set(ref, read(logicalId, properties as TaskDefinitionProperties, context));
        },
      },
      'AWS::ECS::Service': {
        identify: ({ name }) => ({
          ref: arn('service', name),
          attributes: { ServiceArn: arn('service', name), Name: name },
        }),
        apply: ({ logicalId, properties }) => {
          const definition = definitions.get(properties.TaskDefinition);
          if (!definition) throw new Error(`${logicalId}: no task definition ${properties.TaskDefinition}`);
          // A service that scales from nothing still has one task here: one machine is there already.
          wanted.push({ definition, count: Math.max(1, Number(properties.DesiredCount ?? 1)) });
        },
      },
    },
    start() {
      for (const { definition, count } of wanted) {
        for (let index = 0; index < count; index++) tasks.push(new Task(definition, context));
      }
    },
    async stop() {
      await Promise.all(tasks.splice(0).map(task => task.stop()));
    },
  };
}

function read(logicalId: string, properties: TaskDefinitionProperties, { assets }: CloudContext): TaskDefinition {
  const [container, ...others] = properties.ContainerDefinitions;
  if (!container || others.length > 0) throw new Error(`${logicalId}: the local cloud runs tasks of one container`);
  // `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<hash of the image's folder>`
  const folder = assets(container.Image.split(':').at(-1) ?? '');
  if (!folder) throw new Error(`${logicalId}: the image ${container.Image} is no asset of this assembly`);
  const [program, ...args] = container.Command ?? [];
  if (program !== 'node')
    throw new Error(`${logicalId}: the local cloud runs containers whose command is node, not ${program}`);
  return {
    name: container.Name,
    folder,
    args,
    environment: Object.fromEntries((container.Environment ?? []).map(({ Name, Value }) => [Name, Value])),
    role: properties.TaskRoleArn,
    stopSeconds: container.StopTimeout ?? 30,
  };
}
