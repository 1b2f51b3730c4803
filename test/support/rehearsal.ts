/** The CDK's command line on an embedded cloud that begins empty, as a platform engineer uses it on AWS. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesise } from '../../bin/local/synthesis.ts';
import type { Template } from '../../lib/local/assembly.ts';
import { LocalCloud } from '../../lib/local/cloud.ts';
import { callJson } from './wire-call.ts';

const ROOT = join(import.meta.dirname, '../..');
const IMAGES = 'cdk-hnb659fds-container-assets-000000000000-us-east-1';

const LARGEST_ARCHIVE_BYTES = 512 * 1024 * 1024;

export interface Ended {
  readonly status: number | null;
  /** All that it wrote. */
  readonly said: string;
}

/** Names of what there is, by type. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
/** A template to be changed. */
export type Draft = Template & { Resources: Record<string, Writable<Template['Resources'][string]>> };

export class Rehearsal {
  readonly cloud: LocalCloud;
  readonly #folder: string;
  #assemblies = 0;

  private constructor(cloud: LocalCloud, folder: string) {
    this.cloud = cloud;
    this.#folder = folder;
  }

  static async start(): Promise<Rehearsal> {
    const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
    return new Rehearsal(await LocalCloud.start({ dataDir: join(folder, 'data'), port: 0 }), folder);
  }

  async stop(): Promise<void> {
    await this.cloud.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** An assembly of the stage, of its own: the command line writes into it. */
  async assembly(context: Readonly<Record<string, string>>): Promise<string> {
    return this.#copy(await synthesise(ROOT, context));
  }

  /** The same of an earlier commit; undefined where the history is not at hand, as in a shallow clone. */
  async assemblyOf(revision: string, context: Readonly<Record<string, string>>): Promise<string | undefined> {
    // Below the project: there it finds the packages, which are those of now.
    const sources = join(ROOT, 'cdk.out', `rehearsal-${process.pid}`);
    try {
      const archive = execFileSync('git', ['archive', revision], { cwd: ROOT, maxBuffer: LARGEST_ARCHIVE_BYTES });
      mkdirSync(sources, { recursive: true });
      execFileSync('tar', ['-x', '-C', sources], { input: archive });
    } catch {
      return undefined;
    }
    try {
      return this.#copy(await synthesise(sources, context));
    } finally {
      rmSync(sources, { recursive: true, force: true });
    }
  }

  /** The assembly with the templates changed, as another commit would have them. */
  changed(assembly: string, change: (template: Draft, stack: string) => void): string {
    const copy = this.#copy(assembly);
    const manifest = join(copy, 'manifest.json');
    for (const file of globSync('*.template.json', { cwd: copy })) {
      const path = join(copy, file);
      const before = readFileSync(path, 'utf8');
      const template = JSON.parse(before) as Draft;
      change(template, file.replace('.template.json', ''));
      const after = JSON.stringify(template);
      if (after === JSON.stringify(JSON.parse(before))) continue;
      writeFileSync(path, after);
      // A template is published under a digest of itself: another one is not, and would not be looked at.
      const assets = join(copy, file.replace('.template.json', '.assets.json'));
      const files: Record<string, { source: { path?: string } }> = JSON.parse(readFileSync(assets, 'utf8')).files;
      const [digest = ''] = Object.entries(files).find(([, { source }]) => source.path === file) ?? [];
      const other = createHash('sha256').update(after).digest('hex');
      for (const each of [manifest, assets]) writeFileSync(each, readFileSync(each, 'utf8').replaceAll(digest, other));
    }
    return copy;
  }

  /** Runs `cdk` with these words; the assembly stands for the app. */
  async cdk(assembly: string, ...words: readonly string[]): Promise<Ended> {
    const { awsUrl, credentials } = this.cloud;
    const home = join(this.#folder, 'home');
    mkdirSync(home, { recursive: true });
    const child = spawn(
      process.execPath,
      [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...words, '--app', assembly, '--no-notices', '--progress', 'events'],
      {
        cwd: this.#folder,
        env: {
          PATH: process.env.PATH,
          HOME: home,
          CI: 'true',
          NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
          CDK_DISABLE_CLI_TELEMETRY: '1',
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_ENDPOINT_URL: awsUrl,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk));
    const [status] = await once(child, 'close');
    return { status, said };
  }

  /**
   * Puts the images of the assembly among those that are published already: none is built here, which takes a container
   * engine, and what would be in it is not rehearsed.
   */
  async publishImages(assembly: string): Promise<void> {
    for (const file of globSync('*.assets.json', { cwd: assembly })) {
      const { dockerImages = {} } = JSON.parse(readFileSync(join(assembly, file), 'utf8'));
      for (const imageTag of Object.keys(dockerImages)) {
        const target = 'AmazonEC2ContainerRegistry_V20150921.PutImage';
        const image = {
          repositoryName: IMAGES,
          imageTag,
          imageManifest: JSON.stringify({ schemaVersion: 2, imageTag }),
        };
        await callJson(this.cloud.client, { service: 'ecr', target }, image).catch((error: Error) => {
          if (!/AlreadyExists/.test(error.name)) throw error;
        });
      }
    }
  }

  /** What there is of each type; types of which there is nothing are not named. */
  inventory(): Inventory {
    const all = Object.entries(this.cloud.inventory()).filter(([, made]) => made.length > 0);
    return Object.fromEntries(all.map(([type, made]) => [type, [...made].sort()]));
  }

  #copy(assembly: string): string {
    const copy = join(this.#folder, `assembly-${this.#assemblies++}`);
    cpSync(assembly, copy, { recursive: true });
    return copy;
  }
}

/** Why a run of `cdk` failed: what its resources and stacks said, and its last lines. */
export function failures({ said }: Ended): string {
  const lines = said.split('\n');
  const failed = lines.filter(line => /_FAILED|❌/.test(line));
  return [...failed, ...lines.slice(-15)].map(line => line.slice(0, 600)).join('\n');
}
