/** The assembly as `npm start` and `cdk deploy` get it: the one on which the journeys run. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesise } from '../../bin/local/synthesis.ts';
import { type Assembly, readAssembly, type TemplateResource } from '../../lib/local/assembly.ts';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Found {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads properties of every shape and fails where one is missing.
  readonly properties: any;
  readonly resource: TemplateResource;
}

/** A stage that people use: a domain of its own, a neural engine, and nothing left of it when it goes. */
export const PRODUCTION = {
  stage: 'prod',
  retain: 'false',
  domainName: 'api.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d',
  mailFrom: 'no-reply@example.com',
  support: 'help@example.com',
  alarmEmail: 'ops@example.com',
  engine: 'vllm-omni',
  engineUrl: 'https://engine.example.com',
  engineModel: 'Lightricks/LTX-2',
  engineSecret: 'true',
};

/** What stacks tell each other, by the name of the export. */
const exported = new Map<unknown, unknown>();

function withExports(read: Assembly): Assembly {
  for (const { template } of read.stacks)
    for (const { Value, Export } of Object.values(template.Outputs ?? {}))
      if (Export) exported.set(flat(Export.Name), Value);
  return read;
}

/** The assembly of a stage with these settings. */
export async function assemblyOf(settings: Readonly<Record<string, string>>): Promise<Assembly> {
  return withExports(readAssembly(await synthesise(ROOT, settings)));
}

export const assembly: Assembly = await assemblyOf({});

/** Every resource of an assembly, or every one of a type, in all stacks. */
export function allResources({ stacks }: Assembly, type?: string): Found[] {
  return stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => type === undefined || resource.Type === type)
      .map(([logicalId, resource]) => ({
        stack: name,
        logicalId,
        type: resource.Type,
        properties: flat(resource.Properties ?? {}),
        resource,
      })),
  );
}

/** Every resource of a type, in all stacks of a stage without settings. */
export function resources(type: string): Found[] {
  return allResources(assembly, type);
}

/** A value with each reference as text: `<LogicalId>` or `<LogicalId.Attribute>`, whichever stack it is in. */
export function flat(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(flat);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref') return `<${argument}>`;
    if (name === 'Fn::GetAtt') return `<${[argument].flat().join('.')}>`;
    if (name === 'Fn::ImportValue') return flat(exported.get(String(flat(argument))));
    if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(textOf).join((argument as [string])[0]);
    if (name === 'Fn::Sub') return String(argument).replace(/\$\{([^}]+)\}/g, '<$1>');
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flat(item)]));
}

function textOf(value: unknown): string {
  const found = flat(value);
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}
