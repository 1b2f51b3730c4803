/**
 * KMS, as far as it signs: asymmetric keys that sign and verify. What always holds:
 * - A key of a stack has the same id at every start, and its material is made once; no answer and no log has it.
 * - The policy of a key comes before those of its callers: without a statement that names the caller, or leaves the matter
 *   to the account, nobody may use it.
 */
import { Properties } from '../properties.ts';
import { jsonService } from '../protocols/json.ts';
import { wordsFor } from '../protocols/operation.ts';
import { AwsError, type CloudContext, type Engine, type ResourceType } from '../service.ts';
import { KEY_SPEC_NAMES, type KeySpec, KeyStore, statementsOf } from './key-store.ts';
import { OPERATIONS } from './operations.ts';

export function createKms(context: CloudContext): Engine {
  const store = new KeyStore(context);
  const service = jsonService<KeyStore>({
    signingName: 'kms',
    version: '1.1',
    targets: { TrentService: OPERATIONS },
    state: store,
    // KMS names members as Java does.
    invalidInput: problem => {
      const [first = '', ...others] = problem.path;
      const path = [`${first.slice(0, 1).toLowerCase()}${first.slice(1)}`, ...others];
      return new AwsError('ValidationException', wordsFor({ ...problem, path }));
    },
  });
  return {
    services: [service],
    resources: { 'AWS::KMS::Key': keyType(store), 'AWS::KMS::Alias': aliasType(store) },
  };
}

const KNOWN = [
  'Description',
  'Enabled',
  'EnableKeyRotation',
  'KeyPolicy',
  'KeySpec',
  'KeyUsage',
  'MultiRegion',
  'Origin',
  'PendingWindowInDays',
  'Tags',
];

function keyType(store: KeyStore): ResourceType {
  return {
    identify({ name }) {
      const ref = store.idOf(name);
      return { ref, attributes: { Arn: store.arnOf(ref), KeyId: ref } };
    },
    apply(resource) {
      const properties = Properties.of(resource, KNOWN);
      const spec: KeySpec = properties.choice('KeySpec', KEY_SPEC_NAMES, 'SYMMETRIC_DEFAULT' as KeySpec);
      properties.choice('KeyUsage', ['SIGN_VERIFY'], '' as 'SIGN_VERIFY');
      properties.choice('Origin', ['AWS_KMS'], 'AWS_KMS');
      for (const name of ['MultiRegion', 'EnableKeyRotation']) {
        if (properties.boolean(name, false)) properties.refuse(name, 'is not for a key that signs in the local cloud');
      }
      const policy = properties.has('KeyPolicy') ? JSON.stringify(properties.raw('KeyPolicy')) : undefined;
      if (policy !== undefined && !statementsOf(policy)) properties.refuse('KeyPolicy', 'should be a policy document');
      const description = {
        description: properties.string('Description', ''),
        enabled: properties.boolean('Enabled', true),
        policy,
      };
      const known = store.key(resource.ref);
      if (known) store.describe(known, description);
      else store.create(spec, description, resource.ref);
    },
    remove: ({ ref }) => store.remove(ref),
    made: () => store.keys().map(({ id }) => id),
    immutable: ['KeySpec', 'KeyUsage', 'Origin', 'MultiRegion'],
  };
}

function aliasType(store: KeyStore): ResourceType {
  return {
    identify: ({ logicalId, properties }) => {
      const { AliasName } = properties;
      if (typeof AliasName !== 'string' || !/^alias\/(?!aws\/)[\w/-]+$/.test(AliasName)) {
        throw new Error(
          `${logicalId}.AliasName: should be a literal that begins with alias/, not ${JSON.stringify(AliasName)}`,
        );
      }
      return { ref: AliasName, attributes: {} };
    },
    apply(resource) {
      const target = Properties.of(resource, ['AliasName', 'TargetKeyId']).string('TargetKeyId');
      const key = store.key(target.replace(store.arnOf(''), ''));
      if (!key) throw new Error(`${resource.logicalId}.TargetKeyId: there is no key ${target}`);
      store.putAlias(resource.ref, key.id);
    },
    remove: ({ ref }) => store.removeAlias(ref),
    made: () => store.aliases().map(({ name }) => name),
    immutable: ['AliasName'],
  };
}
