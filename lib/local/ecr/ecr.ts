/**
 * Repositories of container images, as far as tools ask what is published. An image here is its manifest under a tag: no
 * layers are stored, none can be pulled, and nothing here runs one.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Properties } from '../properties.ts';
import { jsonService } from '../protocols/json.ts';
import { operationsOn } from '../protocols/operation.ts';
import { AwsError, type CloudContext, type Engine } from '../service.ts';

interface Repository {
  readonly name: string;
  readonly immutable_tags: number;
  readonly created_at: number;
}

interface Image {
  readonly digest: string;
  readonly tag: string;
  readonly manifest: string;
  /** Epoch ms. */
  readonly pushed_at: number;
}

class Repositories {
  readonly context: CloudContext;

  constructor(context: CloudContext) {
    this.context = context;
    context.database.exec(`
      CREATE TABLE IF NOT EXISTS ecr_repositories (
        name TEXT PRIMARY KEY, immutable_tags INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS ecr_images (
        repository TEXT NOT NULL, tag TEXT NOT NULL, digest TEXT NOT NULL, manifest TEXT NOT NULL,
        pushed_at INTEGER NOT NULL, PRIMARY KEY (repository, tag)) STRICT`);
  }

  arnOf(name: string): string {
    return `arn:aws:ecr:${this.context.region}:${this.context.accountId}:repository/${name}`;
  }

  uriOf(name: string): string {
    return `${this.context.accountId}.dkr.ecr.${this.context.region}.amazonaws.com/${name}`;
  }

  all(): readonly Repository[] {
    const sql = 'SELECT * FROM ecr_repositories ORDER BY name';
    return this.context.database.prepare(sql).all() as unknown as Repository[];
  }

  names(): readonly string[] {
    return this.all().map(({ name }) => name);
  }

  /** Throws RepositoryNotFoundException. */
  named(name: string): Repository {
    const found = this.all().find(repository => repository.name === name);
    if (found) return found;
    const where = `in the registry with id '${this.context.accountId}'`;
    throw new AwsError('RepositoryNotFoundException', `The repository with name '${name}' does not exist ${where}`);
  }

  configure(name: string, immutableTags: boolean): void {
    this.context.database
      .prepare('INSERT INTO ecr_repositories VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET immutable_tags = ?2')
      .run(name, immutableTags ? 1 : 0, this.context.clock.now());
  }

  /** Throws RepositoryNotEmptyException unless `emptied`. */
  remove(name: string, emptied: boolean): void {
    if (!emptied && this.images(name).length > 0) {
      const where = `in registry with id '${this.context.accountId}'`;
      const message = `The repository with name '${name}' ${where} cannot be deleted because it still contains images`;
      throw new AwsError('RepositoryNotEmptyException', message);
    }
    this.context.database.prepare('DELETE FROM ecr_images WHERE repository = ?').run(name);
    this.context.database.prepare('DELETE FROM ecr_repositories WHERE name = ?').run(name);
  }

  images(name: string): readonly Image[] {
    const sql = 'SELECT * FROM ecr_images WHERE repository = ? ORDER BY pushed_at, tag';
    return this.context.database.prepare(sql).all(name) as unknown as Image[];
  }

  put(name: string, { digest, tag, manifest }: Omit<Image, 'pushed_at'>): void {
    this.context.database
      .prepare('INSERT OR REPLACE INTO ecr_images VALUES (?, ?, ?, ?, ?)')
      .run(name, tag, digest, manifest, this.context.clock.now());
  }
}

const operation = operationsOn<Repositories>();
const repository = { repositoryName: z.string().min(2).max(256), registryId: z.string().optional() };
const arn = ({ repositoryName }: { repositoryName: string }, { state }: { state: Repositories }): string =>
  state.arnOf(repositoryName);

const OPERATIONS = {
  DescribeRepositories: operation(
    { registryId: z.string().optional(), repositoryNames: z.array(z.string()).min(1).optional() },
    ({ repositoryNames }, { state }) => state.arnOf(repositoryNames?.length === 1 ? (repositoryNames[0] ?? '*') : '*'),
    ({ repositoryNames }, { state }) => {
      const found = repositoryNames?.map(name => state.named(name)) ?? state.all();
      return {
        repositories: found.map(({ name, immutable_tags, created_at }: Repository) => ({
          repositoryArn: state.arnOf(name),
          registryId: state.context.accountId,
          repositoryName: name,
          repositoryUri: state.uriOf(name),
          createdAt: created_at / 1000,
          imageTagMutability: immutable_tags === 1 ? 'IMMUTABLE' : 'MUTABLE',
        })),
      };
    },
  ),

  DescribeImages: operation(
    {
      ...repository,
      imageIds: z
        .array(z.strictObject({ imageTag: z.string().optional(), imageDigest: z.string().optional() }))
        .min(1)
        .optional(),
    },
    arn,
    ({ repositoryName, imageIds }, { state }) => {
      state.named(repositoryName);
      const all = state.images(repositoryName);
      const found = imageIds?.map(id => {
        const image = all.find(
          ({ tag, digest }) => (id.imageTag ?? tag) === tag && (id.imageDigest ?? digest) === digest,
        );
        if (image) return image;
        const what = `imageId {imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
        const where = `the repository with name '${repositoryName}' in the registry with id '${state.context.accountId}'`;
        throw new AwsError('ImageNotFoundException', `The image with ${what} does not exist within ${where}`);
      });
      return {
        imageDetails: (found ?? all).map(({ digest, tag, manifest, pushed_at }) => ({
          registryId: state.context.accountId,
          repositoryName,
          imageDigest: digest,
          imageTags: [tag],
          imageSizeInBytes: Buffer.byteLength(manifest),
          imagePushedAt: pushed_at / 1000,
        })),
      };
    },
  ),

  PutImage: operation(
    { ...repository, imageManifest: z.string().min(1), imageTag: z.string().min(1).max(300) },
    arn,
    ({ repositoryName, imageManifest, imageTag }, { state }) => {
      const { immutable_tags } = state.named(repositoryName);
      const digest = `sha256:${createHash('sha256').update(imageManifest).digest('hex')}`;
      const before = state.images(repositoryName).find(({ tag }) => tag === imageTag);
      const what = `in the '${repositoryName}' repository`;
      if (before?.digest === digest) {
        const message = `Image with digest '${digest}' and tag '${imageTag}' already exists ${what}.`;
        throw new AwsError('ImageAlreadyExistsException', message);
      }
      if (before && immutable_tags === 1) {
        const message = `The image tag '${imageTag}' already exists ${what} and cannot be overwritten because the tag is immutable.`;
        throw new AwsError('ImageTagAlreadyExistsException', message);
      }
      state.put(repositoryName, { digest, tag: imageTag, manifest: imageManifest });
      const imageId = { imageDigest: digest, imageTag };
      return { image: { registryId: state.context.accountId, repositoryName, imageId, imageManifest } };
    },
  ),
};

export function createEcr(context: CloudContext): Engine & { hasImage(image: string): boolean } {
  const repositories = new Repositories(context);
  const service = jsonService<Repositories>({
    signingName: 'ecr',
    version: '1.1',
    targets: { AmazonEC2ContainerRegistry_V20150921: OPERATIONS },
    state: repositories,
    invalidInput: 'InvalidParameterException',
  });
  return {
    hasImage(image) {
      const [, name = '', tag = ''] = /^[^/]+\/(.+):([^:]+)$/.exec(image) ?? [];
      return repositories.images(name).some(known => known.tag === tag && image.startsWith(repositories.uriOf(name)));
    },
    services: [service],
    resources: {
      'AWS::ECR::Repository': {
        identify({ name, properties }) {
          const ref = typeof properties.RepositoryName === 'string' ? properties.RepositoryName : name.toLowerCase();
          return { ref, attributes: { Arn: repositories.arnOf(ref), RepositoryUri: repositories.uriOf(ref) } };
        },
        apply(resource) {
          const properties = Properties.of(resource, [
            'RepositoryName',
            'ImageTagMutability',
            'EmptyOnDelete',
            'Tags',
            // Of images that are pushed, kept and pulled, which none is here.
            'LifecyclePolicy',
            'RepositoryPolicyText',
            'ImageScanningConfiguration',
            'EncryptionConfiguration',
          ]);
          const tags = properties.choice('ImageTagMutability', ['MUTABLE', 'IMMUTABLE'], 'MUTABLE');
          repositories.configure(resource.ref, tags === 'IMMUTABLE');
        },
        remove: ({ ref, properties }) => repositories.remove(ref, String(properties.EmptyOnDelete ?? false) === 'true'),
        made: () => repositories.names(),
        immutable: ['EncryptionConfiguration'],
      },
    },
  };
}
