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

export const assembly: Assembly = readAssembly(await synthesise(ROOT));

/** Every resource of a type, in all stacks. */
export function resources(type: string): Found[] {
  return assembly.stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => ({
        stack: name,
        logicalId,
        type,
        properties: flat(resource.Properties ?? {}),
        resource,
      })),
  );
}

const exported = new Map(
  assembly.stacks.flatMap(({ template }) =>
    Object.values(template.Outputs ?? {}).flatMap(({ Value, Export }) =>
      Export ? [[flat(Export.Name), Value] as const] : [],
    ),
  ),
);

/** A value with each reference as text: `<LogicalId>` or `<LogicalId.Attribute>`, whichever stack it is in. */
export function flat(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(flat);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref') return `<${argument}>`;
    if (name === 'Fn::GetAtt') return `<${[argument].flat().join('.')}>`;
    if (name === 'Fn::ImportValue') return flat(exported.get(String(flat(argument))));
    if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flat).join((argument as [string])[0]);
    if (name === 'Fn::Sub') return String(argument).replace(/\$\{([^}]+)\}/g, '<$1>');
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flat(item)]));
}
