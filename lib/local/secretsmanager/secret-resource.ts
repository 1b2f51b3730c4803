import { createHash, randomUUID } from 'node:crypto';
import { Properties } from '../properties.ts';
import type { Resource, ResourceType } from '../service.ts';
import { generatePassword, type PasswordRules, type RandomBelow } from './password.ts';
import { CURRENT, type SecretStore } from './secret-store.ts';

const KNOWN = ['Name', 'Description', 'SecretString', 'GenerateSecretString', 'Tags'];
const FLAGS = ['ExcludeLowercase', 'ExcludeUppercase', 'ExcludeNumbers', 'ExcludePunctuation', 'IncludeSpace'] as const;
const GENERATE = [
  ...FLAGS,
  ...['ExcludeCharacters', 'PasswordLength', 'RequireEachIncludedType', 'GenerateStringKey', 'SecretStringTemplate'],
];

/** `AWS::SecretsManager::Secret`. Without a value in the template the secret has none until one is put. */
export function secretType(store: SecretStore, below: RandomBelow): ResourceType {
  return {
    identify({ logicalId, stack, properties }) {
      const name = properties.Name ?? madeUpName(stack, logicalId);
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
      const secret = store.describe(String(properties.raw('Name') ?? madeUpName(resource.stack, resource.logicalId)), {
        description: properties.optionalString('Description'),
        tags: JSON.stringify(tags.map(tag => ({ Key: tag.string('Key'), Value: tag.string('Value') }))),
      });
      const source = sourceOf(properties);
      const text = source === undefined || source === secret.source ? undefined : valueIn(properties, below);
      if (text !== undefined) store.add(secret, randomUUID(), { text, bytes: null }, [CURRENT], source);
    },
  };
}

/** As CloudFormation makes it, logical id and twelve characters: the CDK reads such a name back out of the ARN. */
function madeUpName(stack: Resource['stack'], logicalId: string): string {
  const digest = createHash('sha256').update(`${stack}/${logicalId}`).digest('base64');
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
