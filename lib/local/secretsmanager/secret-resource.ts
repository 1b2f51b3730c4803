import { createHash, randomUUID } from 'node:crypto';
import { Properties } from '../properties.ts';
import type { ResourceType } from '../service.ts';
import { CURRENT, type SecretStore } from './secret-store.ts';

const KNOWN = ['Name', 'Description', 'SecretString', 'GenerateSecretString', 'Tags'];
const FLAGS = ['ExcludeLowercase', 'ExcludeUppercase', 'ExcludeNumbers', 'ExcludePunctuation', 'IncludeSpace'] as const;
const GENERATE = [
  ...FLAGS,
  'ExcludeCharacters',
  'PasswordLength',
  'RequireEachIncludedType',
  'GenerateStringKey',
  'SecretStringTemplate',
];

/** `AWS::SecretsManager::Secret`. Without a value in the template the secret has none until one is put. */
export function secretType(store: SecretStore, below: RandomBelow): ResourceType {
  return {
    identify({ logicalId, stack, name: physical, properties }) {
      const name =
        properties.Name ??
        madeUpName(physical === `${stack}-${logicalId}` ? `${stack}/${logicalId}` : physical, logicalId);
      if (typeof name !== 'string' || !/^[\w/+=.@-]{1,512}$/.test(name)) {
        throw new Error(
          `${logicalId}.Name: should be a literal of 1 to 512 letters, digits and /_+=.@-, not ${JSON.stringify(name)}`,
        );
      }
      return { ref: store.arnOf(name), attributes: { Id: store.arnOf(name) } };
    },
    apply(resource) {
      const properties = Properties.of(resource, KNOWN);
      const tags = properties.items('Tags', ['Key', 'Value']);
      const secret = store.describe(store.nameIn(resource.ref), {
        description: properties.optionalString('Description'),
        tags: JSON.stringify(tags.map(tag => ({ Key: tag.string('Key'), Value: tag.string('Value') }))),
      });
      const source = sourceOf(properties);
      const text = source === undefined || source === secret.source ? undefined : valueIn(properties, below);
      if (text !== undefined) store.add(secret, randomUUID(), { text, bytes: null }, [CURRENT], source);
    },
    remove: ({ ref }) => store.remove(ref),
    made: () => store.all().map(({ arn }) => arn),
  };
}

/** As CloudFormation makes it, logical id and twelve characters: the CDK reads such a name back out of the ARN. */
function madeUpName(source: string, logicalId: string): string {
  const digest = createHash('sha256').update(source).digest('base64');
  return `${logicalId}-${digest.replace(/[+/=]/g, '').slice(0, 12)}`;
}

function sourceOf(properties: Properties): string | undefined {
  const said = ['SecretString', 'GenerateSecretString'].map(name => properties.raw(name) ?? null);
  if (said.every(value => value === null)) return undefined;
  if (!said.includes(null)) properties.refuse('GenerateSecretString', 'give this or SecretString, not both');
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

function valueIn(properties: Properties, below: RandomBelow): string {
  const options = properties.nested('GenerateSecretString', GENERATE);
  if (!options) return properties.string('SecretString');
  const password = generatePassword(rulesOf(options), below);
  if (typeof password !== 'string') return options.refuse(password.option, password.why);
  const key = options.optionalString('GenerateStringKey');
  const template = options.optionalString('SecretStringTemplate');
  if ((key === undefined) !== (template === undefined)) {
    options.refuse('GenerateStringKey', 'goes together with SecretStringTemplate');
  }
  return key === undefined ? password : JSON.stringify({ ...objectIn(options, template ?? ''), [key]: password });
}

function rulesOf(options: Properties): PasswordRules {
  const [lowercase, uppercase, numbers, punctuation] = FLAGS.map(flag => !options.boolean(flag, false));
  return {
    types: { lowercase, uppercase, numbers, punctuation, space: options.boolean('IncludeSpace', false) },
    without: options.string('ExcludeCharacters', ''),
    length: options.number('PasswordLength', 32),
    everyType: options.boolean('RequireEachIncludedType', true),
  };
}

function objectIn(options: Properties, template: string): object {
  try {
    const value: unknown = JSON.parse(template);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, as for any other text that is no object.
  }
  return options.refuse('SecretStringTemplate', 'should be a JSON object');
}

/** Randomness is an argument: evenly one of 0 to `limit` - 1. */
type RandomBelow = (limit: number) => number;

const ALPHABETS = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  space: ' ',
};

interface PasswordRules {
  readonly types: Readonly<Partial<Record<keyof typeof ALPHABETS, boolean | undefined>>>;
  /** Characters that may not be in it. */
  readonly without: string;
  /** 1 to 4096. */
  readonly length: number;
  /** At least one character of each type. */
  readonly everyType: boolean;
}

/** The password, or which option makes one impossible. */
function generatePassword(
  { types, without, length, everyType }: PasswordRules,
  below: RandomBelow,
): string | { readonly option: string; readonly why: string } {
  if (!Number.isInteger(length) || length < 1 || length > 4096) {
    return { option: 'PasswordLength', why: `should be 1 to 4096, not ${length}` };
  }
  const names = Object.keys(ALPHABETS) as (keyof typeof ALPHABETS)[];
  const alphabets = names
    .filter(name => types[name])
    .map(name => [...ALPHABETS[name]].filter(character => !without.includes(character)));
  const all = alphabets.flat();
  if (all.length === 0 || (everyType && alphabets.some(alphabet => alphabet.length === 0))) {
    return { option: 'ExcludeCharacters', why: 'leaves no character of a type that the password should have' };
  }
  if (everyType && alphabets.length > length) {
    return { option: 'PasswordLength', why: `is too short for ${alphabets.length} types of characters` };
  }
  const required = everyType ? alphabets : [];
  const characters = Array.from({ length }, (_, index) => one(required[index] ?? all, below));
  // Shuffled, so that nobody knows which type stands first.
  for (let last = characters.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [characters[last], characters[other]] = [characters[other] as string, characters[last] as string];
  }
  return characters.join('');
}

function one(alphabet: readonly string[], below: RandomBelow): string {
  return alphabet[below(alphabet.length)] as string;
}
