/**
 * Reads a synthesised cloud assembly (`cdk.out`): its stacks in dependency order, their resources, and where the assets
 * lie. Source of the shape: aws-cdk's cloud-assembly-schema, manifest version 55.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Description?: string;
  readonly Parameters?: Readonly<
    Record<string, { Type: string; Default?: string; AllowedValues?: readonly string[]; AllowedPattern?: string }>
  >;
  readonly Rules?: Readonly<
    Record<string, { RuleCondition?: unknown; Assertions: readonly { Assert: unknown; AssertDescription?: string }[] }>
  >;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Outputs?: Readonly<
    Record<string, { Value: unknown; Export?: { Name: unknown }; Condition?: string; Description?: string }>
  >;
}

export interface Stack {
  readonly name: string;
  readonly template: Template;
}

export interface Assembly {
  /** Each stack after the stacks that it depends on. */
  readonly stacks: readonly Stack[];
  /** The folder of a file asset or of a container image's context, by its hash. */
  assetFolder(hash: string): string | undefined;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { templateFile?: string; file?: string; stackName?: string };
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, { source: { path?: string } }>>;
  readonly dockerImages?: Readonly<Record<string, { source: { directory?: string } }>>;
}

/** Reads the assembly in `folder`; throws where it is not one. */
export function readAssembly(folder: string): Assembly {
  const { artifacts } = readJson<{ artifacts: Record<string, Artifact> }>(join(folder, 'manifest.json'));
  const folders = new Map<string, string>();
  for (const { type, properties } of Object.values(artifacts)) {
    if (type !== 'cdk:asset-manifest' || !properties?.file) continue;
    const manifest = readJson<AssetManifest>(join(folder, properties.file));
    for (const [hash, { source }] of Object.entries(manifest.files ?? {})) {
      if (source.path) folders.set(hash, resolve(folder, source.path));
    }
    for (const [hash, { source }] of Object.entries(manifest.dockerImages ?? {})) {
      if (source.directory) folders.set(hash, resolve(folder, source.directory));
    }
  }
  const stacks: Stack[] = [];
  const seen = new Set<string>();
  const visit = (id: string): void => {
    const artifact = artifacts[id];
    if (!artifact || seen.has(id)) return;
    seen.add(id);
    artifact.dependencies?.forEach(visit);
    if (artifact.type !== 'aws:cloudformation:stack' || !artifact.properties?.templateFile) return;
    const template = readJson<Template>(join(folder, artifact.properties.templateFile));
    stacks.push({ name: artifact.properties.stackName ?? id, template: withAssetPaths(template, folder) });
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return { stacks, assetFolder: hash => folders.get(hash) };
}

/** A function's code is named relative to the assembly; engines get the absolute folder. */
function withAssetPaths(template: Template, folder: string): Template {
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => {
      const path = resource.Metadata?.['aws:asset:path'];
      if (typeof path !== 'string') return [id, resource];
      return [id, { ...resource, Metadata: { ...resource.Metadata, 'aws:asset:path': resolve(folder, path) } }];
    }),
  );
  return { ...template, Resources };
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
