/** Parameters of Systems Manager: plain texts by name, as stacks and tools keep them. */
import { z } from 'zod';
import { Properties } from '../properties.ts';
import { jsonService } from '../protocols/json.ts';
import { operationsOn } from '../protocols/operation.ts';
import { AwsError, type CloudContext, type Engine } from '../service.ts';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  /** Epoch ms. */
  readonly changed_at: number;
}

export class Parameters {
  readonly #context: CloudContext;

  constructor(context: CloudContext) {
    this.#context = context;
    context.database.exec(`CREATE TABLE IF NOT EXISTS ssm_parameters (
      name TEXT PRIMARY KEY, type TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, changed_at INTEGER NOT NULL
    ) STRICT`);
  }

  find(name: string): Parameter | undefined {
    const row = this.#context.database.prepare('SELECT * FROM ssm_parameters WHERE name = ?').get(name);
    return row as unknown as Parameter | undefined;
  }

  names(): readonly string[] {
    return this.#context.database
      .prepare('SELECT name FROM ssm_parameters ORDER BY name')
      .all()
      .map(({ name }) => String(name));
  }

  /** Another value is another version. */
  put({ name, type, value }: Pick<Parameter, 'name' | 'type' | 'value'>): void {
    this.#context.database
      .prepare(
        `INSERT INTO ssm_parameters VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT (name) DO UPDATE SET type = ?2, value = ?3,
           version = version + (value <> ?3), changed_at = ?4`,
      )
      .run(name, type, value, this.#context.clock.now());
  }

  remove(name: string): void {
    this.#context.database.prepare('DELETE FROM ssm_parameters WHERE name = ?').run(name);
  }

  arnOf(name: string): string {
    const { region, accountId } = this.#context;
    return `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  }
}

const operation = operationsOn<Parameters>();

const OPERATIONS = {
  GetParameter: operation(
    { Name: z.string().min(1), WithDecryption: z.boolean().optional() },
    ({ Name }, { state }) => state.arnOf(Name),
    ({ Name }, { state }) => {
      const found = state.find(Name);
      if (!found) throw new AwsError('ParameterNotFound', `Parameter ${Name} not found.`);
      const { name, type, value, version, changed_at } = found;
      const described = { ARN: state.arnOf(name), DataType: 'text', LastModifiedDate: changed_at / 1000 };
      return { Parameter: { Name: name, Type: type, Value: value, Version: version, ...described } };
    },
  ),
};

export function createSsm(context: CloudContext): Engine & { readonly parameters: Parameters } {
  const parameters = new Parameters(context);
  const service = jsonService<Parameters>({
    signingName: 'ssm',
    version: '1.1',
    targets: { AmazonSSM: OPERATIONS },
    state: parameters,
    invalidInput: 'ValidationException',
  });
  return {
    parameters,
    services: [service],
    resources: {
      'AWS::SSM::Parameter': {
        identify({ name, properties }) {
          const ref = typeof properties.Name === 'string' ? properties.Name : name;
          return { ref, attributes: { Type: String(properties.Type), Value: String(properties.Value) } };
        },
        apply(resource) {
          const properties = Properties.of(resource, ['Name', 'Type', 'Value', 'Description', 'Tags', 'Tier']);
          const type = properties.choice('Type', ['String', 'StringList'], '' as 'String');
          parameters.put({ name: resource.ref, type, value: properties.string('Value') });
        },
        remove: ({ ref }) => parameters.remove(ref),
        made: () => parameters.names(),
        immutable: ['Type'],
      },
    },
  };
}
