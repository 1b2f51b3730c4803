/** Workgroups: who pays, how much a query may read, and where its result goes. */
import { Properties } from '../properties.ts';
import { AwsError, type CloudContext, type ResourceType } from '../service.ts';

export interface WorkGroup {
  readonly name: string;
  readonly enabled: boolean;
  readonly description: string | undefined;
  /** Ends with `/`. */
  readonly output: string | undefined;
  /** Whether a query's own output location does not count. */
  readonly enforced: boolean;
  readonly scanLimitBytes: number | undefined;
  /** Epoch ms. */
  readonly created: number;
}

const CONFIGURATION = [
  'ResultConfiguration',
  'EnforceWorkGroupConfiguration',
  'BytesScannedCutoffPerQuery',
  'EngineVersion',
  // Metrics are not kept here.
  'PublishCloudWatchMetricsEnabled',
];
/** AWS: the least limit is 10 MB. */
const LEAST_LIMIT_BYTES = 10_000_000;

export class WorkGroups {
  readonly #context: CloudContext;
  readonly #groups = new Map<string, WorkGroup>();

  constructor(context: CloudContext) {
    this.#context = context;
    // Every account has this one.
    const open = {
      enabled: true,
      description: undefined,
      output: undefined,
      enforced: false,
      scanLimitBytes: undefined,
    };
    this.put({ name: 'primary', created: context.clock.now(), ...open });
  }

  put(group: WorkGroup): void {
    this.#groups.set(group.name, group);
  }

  remove(name: string): void {
    this.#groups.delete(name);
  }

  /** Those besides the one that every account has. */
  names(): readonly string[] {
    return [...this.#groups.keys()].filter(name => name !== 'primary');
  }

  /** Throws InvalidRequestException where there is none. */
  get(name: string): WorkGroup {
    const group = this.#groups.get(name);
    if (!group) throw new AwsError('InvalidRequestException', `WorkGroup ${name} is not found.`);
    return group;
  }

  arn(name: string): string {
    return `arn:aws:athena:${this.#context.region}:${this.#context.accountId}:workgroup/${name}`;
  }

  now(): number {
    return this.#context.clock.now();
  }
}

/** What was asked in a workgroup, which goes with it. */
export interface GroupHistory {
  has(workGroup: string): boolean;
  forgetGroup(workGroup: string): void;
}

/** `AWS::Athena::WorkGroup`. */
export function workGroupResource(groups: WorkGroups, history: GroupHistory): ResourceType {
  return {
    identify({ name, properties }) {
      const ref = typeof properties.Name === 'string' ? properties.Name : name;
      return { ref, attributes: {} };
    },
    apply(resource) {
      const given = Properties.of(resource, [
        'Name',
        'Description',
        'State',
        'WorkGroupConfiguration',
        'Tags',
        // Of its removal alone.
        'RecursiveDeleteOption',
      ]);
      if (given.string('Name') !== resource.ref) given.refuse('Name', 'should be plain text');
      const configuration = given.nested('WorkGroupConfiguration', CONFIGURATION);
      configuration
        ?.nested('EngineVersion', ['SelectedEngineVersion', 'EffectiveEngineVersion'])
        ?.choice('SelectedEngineVersion', ['AUTO', 'Athena engine version 3'], 'AUTO');
      // Here nothing is encrypted at rest but what the bucket's own configuration says.
      const result = configuration?.nested('ResultConfiguration', [
        'OutputLocation',
        'EncryptionConfiguration',
        'ExpectedBucketOwner',
      ]);
      const output = result?.optionalString('OutputLocation');
      if (output !== undefined) splitLocation(output);
      const limit = configuration?.optionalNumber('BytesScannedCutoffPerQuery');
      if (limit !== undefined && limit < LEAST_LIMIT_BYTES) {
        configuration?.refuse('BytesScannedCutoffPerQuery', `should be ${LEAST_LIMIT_BYTES} or more`);
      }
      groups.put({
        name: resource.ref,
        enabled: given.choice('State', ['ENABLED', 'DISABLED'], 'ENABLED') === 'ENABLED',
        description: given.optionalString('Description'),
        output: output === undefined || output.endsWith('/') ? output : `${output}/`,
        enforced: configuration?.boolean('EnforceWorkGroupConfiguration', true) ?? true,
        scanLimitBytes: limit,
        created: groups.now(),
      });
    },
    remove({ ref, properties }) {
      if (String(properties.RecursiveDeleteOption ?? false) !== 'true' && history.has(ref)) {
        throw new AwsError('InvalidRequestException', `WorkGroup ${ref} is not empty`);
      }
      history.forgetGroup(ref);
      groups.remove(ref);
    },
    made: () => groups.names(),
  };
}

/** The bucket and the key of `s3://bucket/key`; throws where it is not that. */
export function splitLocation(location: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(location) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`${location} should be s3://bucket/prefix/`);
  return { bucket, key };
}
