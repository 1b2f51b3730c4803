/** The assembly as `npm start` and `cdk deploy` get it: made once for all test files, by what it is made from. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

export const assembly: Assembly = readAssembly(synthesise());

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

function synthesise(): string {
  const sources = [
    'bin/mutoscope.ts',
    'package-lock.json',
    ...globSync(['lib/*.ts', 'lib/constructs/*.ts', 'functions/**/*'], { cwd: ROOT }),
  ];
  const hash = createHash('sha256');
  for (const source of sources.sort()) {
    const path = join(ROOT, source);
    hash.update(source).update(existsSync(path) && /\.\w+$/.test(source) ? readFileSync(path) : '');
  }
  const folder = join(ROOT, 'cdk.out', 'test');
  const made = join(folder, hash.digest('hex').slice(0, 16));
  if (existsSync(made)) return made;
  for (const earlier of globSync('????????????????', { cwd: folder }))
    rmSync(join(folder, earlier), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const making = mkdtempSync(join(folder, 'making-'));
  execFileSync(process.execPath, ['bin/mutoscope.ts'], {
    cwd: ROOT,
    // The checks have a test of their own.
    env: { PATH: process.env.PATH, CDK_OUTDIR: making, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    renameSync(making, made);
  } catch {
    // Another test file was first: its assembly is the same.
    rmSync(making, { recursive: true });
  }
  return made;
}
