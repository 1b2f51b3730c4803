/** What stands in the way of a deployment, of a second one, and of the end: no resource of a kind may. */
import { describe, expect, test } from 'vitest';
import { references } from '../../lib/local/intrinsics.ts';
import { allResources, assembly, assemblyOf, type Found, flat, PRODUCTION } from './synthesised.ts';

const STAGES = { 'a development stage': assembly, 'a stage that people use': await assemblyOf(PRODUCTION) };
const stages = Object.entries(STAGES);
const production = STAGES['a stage that people use'];

/** A resource by its type, and the first eight letters of what it is called, for messages. */
const called = ({ type, logicalId }: Found) => `${type} ${logicalId}`;

/**
 * What a name must hold. `label`: nothing, since two may be called the same. `reference`: it names something else. `stage`: the
 * stage, where the name is of one region and goes with its resource. `region`: the region too, where all regions share
 * names. `stack`: the stack's own id, where all accounts share names, or what has it is left behind.
 */
const NAMES: Readonly<Record<string, 'label' | 'reference' | 'stage' | 'region' | 'stack'>> = {
  'AWS::ApiGateway::Authorizer.Name': 'label',
  'AWS::ApiGateway::BasePathMapping.DomainName': 'reference',
  // The owner's own, and one API's at a time: this is what the setting asks for.
  'AWS::ApiGateway::DomainName.DomainName': 'reference',
  'AWS::ApiGateway::Method.OperationName': 'label',
  'AWS::ApiGateway::RestApi.Name': 'label',
  'AWS::ApiGateway::Stage.StageName': 'label',
  'AWS::ApiGateway::UsagePlan.UsagePlanName': 'label',
  'AWS::ApplicationAutoScaling::ScalingPolicy.PolicyName': 'label',
  'AWS::Athena::WorkGroup.Name': 'stage',
  'AWS::CloudWatch::Alarm.MetricName': 'reference',
  'AWS::KMS::Alias.AliasName': 'stage',
  'AWS::Cognito::UserPoolClient.ClientName': 'label',
  'AWS::Cognito::UserPoolDomain.Domain': 'stack',
  'AWS::Cognito::UserPoolGroup.GroupName': 'label',
  'AWS::EC2::EIP.Domain': 'reference',
  'AWS::EC2::FlowLog.LogGroupName': 'reference',
  'AWS::EC2::VPCEndpoint.ServiceName': 'reference',
  'AWS::ECS::CapacityProvider.ClusterName': 'reference',
  'AWS::Glue::Database.DatabaseInput.Name': 'stage',
  'AWS::Glue::Table.DatabaseName': 'reference',
  'AWS::Glue::Table.TableInput.Name': 'label',
  'AWS::IAM::InstanceProfile.InstanceProfileName': 'region',
  'AWS::IAM::Policy.PolicyName': 'label',
  'AWS::IAM::Role.RoleName': 'region',
  'AWS::Lambda::EventInvokeConfig.FunctionName': 'reference',
  'AWS::Lambda::EventSourceMapping.FunctionName': 'reference',
  'AWS::Lambda::Permission.FunctionName': 'reference',
  'AWS::Logs::LogGroup.LogGroupName': 'stack',
  'Custom::MailDomain.Domain': 'reference',
};

const isName = (key: string): boolean => /(^|[a-z])(Name|Domain)$/.test(key) || key === 'EmailIdentity';

function namesOf({ type, properties }: Found): [key: string, name: string][] {
  return Object.entries(properties as Record<string, unknown>).flatMap(([key, value]) => {
    const inside = /^(Database|Table)Input$/.test(key) ? Object.entries(value as object) : [];
    const nested = inside.filter(([name]) => name === 'Name').map(([name, text]) => [`${key}.${name}`, text] as const);
    const own = isName(key) ? [[key, value] as const] : [];
    return [...own, ...nested].map(([name, text]): [string, string] => [`${type}.${name}`, JSON.stringify(text)]);
  });
}

describe.each(stages)('%s', (_, stage) => {
  const all = allResources(stage);

  test('names nothing itself but what must have a name, each of a kind that is known here', () => {
    const unknown = all.flatMap(namesOf).filter(([key]) => !(key in NAMES));
    expect(unknown).toEqual([]);
  });

  test('has no name that another stage, region or account, or what an earlier deployment left, may have', () => {
    const [, name = ''] = /^Mutoscope-(.+)-Data$/.exec(stage.stacks[0]?.name ?? '') ?? [];
    const held = {
      label: () => true,
      reference: () => true,
      stage: (text: string) => text.includes(`-${name}-`) || text.includes(`_${name}"`),
      region: (text: string) => text.includes(name) && text.includes('<AWS::Region>'),
      stack: (text: string) => text.includes(name) && text.includes('<AWS::StackId>'),
    };
    const taken = all.flatMap(namesOf).filter(([key, text]) => !held[NAMES[key] ?? 'label'](text));
    expect(taken).toEqual([]);
  });

  test('has no circle of references, which CloudFormation refuses', () => {
    for (const { name, template } of stage.stacks) {
      const done = new Set<string>();
      const visit = (id: string, path: readonly string[]): void => {
        const resource = template.Resources[id];
        if (!resource || done.has(id)) return;
        expect(path, name).not.toContain(id);
        for (const other of [...references(resource.Properties), ...[resource.DependsOn ?? []].flat()])
          visit(String(other), [...path, id]);
        done.add(id);
      };
      for (const id of Object.keys(template.Resources)) visit(id, []);
    }
  });

  test('reserves no concurrency, which a new AWS account has none of to give', () => {
    const reserving = all.filter(
      ({ properties }) => 'ReservedConcurrentExecutions' in properties || 'ProvisionedConcurrencyConfig' in properties,
    );
    expect(reserving.map(called)).toEqual([]);
  });

  test('owns no identity of SES, which one stage alone could have and would take along', () => {
    expect(all.filter(({ type }) => type === 'AWS::SES::EmailIdentity')).toEqual([]);
    const [ensuring] = all.filter(({ type }) => type === 'Custom::MailDomain');
    expect(ensuring?.properties.Domain).toMatch(/^(mutoscope\.example|example\.com)$/);
    const deleting = JSON.stringify(all.filter(({ type }) => type === 'AWS::IAM::Policy').map(each => each.properties));
    expect(deleting).not.toMatch(/ses:(Delete|\*)/);
  });

  test('starts no task before there is a way out, and takes the way away after the last one has ended', () => {
    const services = all.filter(({ type }) => type === 'AWS::ECS::Service');
    const ways =
      /^AWS::EC2::(NatGateway|Route|RouteTable|SubnetRouteTableAssociation|InternetGateway|VPCGatewayAttachment)$/;
    const needed = all.filter(({ type }) => ways.test(type)).map(({ logicalId }) => logicalId);
    expect(needed.length).toBeGreaterThan(8);
    for (const { resource } of services) expect(resource.DependsOn).toEqual(expect.arrayContaining(needed));
    expect(services).toHaveLength(1);
  });

  test('lets functions of its own alone answer for custom resources, within minutes', () => {
    const custom = all.filter(({ type }) => /^Custom::|CustomResource$/.test(type));
    expect(custom.length).toBeGreaterThan(0);
    for (const { properties, stack } of custom) {
      const [answering] = all.filter(
        each => `<${each.logicalId}.Arn>` === properties.ServiceToken && each.stack === stack,
      );
      expect(answering?.properties.Description).toMatch(/^functions\/deployment\/.*\.lambda\.ts$/);
      expect(Number(properties.ServiceTimeout)).toBeGreaterThanOrEqual(answering?.properties.Timeout);
      expect(Number(properties.ServiceTimeout)).toBeLessThanOrEqual(1000);
    }
  });
});

describe('a stage that keeps its data', () => {
  const retained = allResources(assembly).filter(({ resource }) => /^Retain/.test(policyOf(resource)));

  test('leaves nothing of a first deployment that failed, but what refuses to be deleted', () => {
    const left = retained.filter(({ resource }) => policyOf(resource) === 'Retain');
    const kinds = [...new Set(left.map(({ type }) => type))].sort();
    expect(kinds).toEqual([
      'AWS::ApiGateway::Account',
      'AWS::Cognito::UserPool',
      'AWS::DynamoDB::GlobalTable',
      'AWS::IAM::Role',
    ]);
    const guarded = left.filter(({ type }) => /UserPool|GlobalTable/.test(type));
    for (const { properties } of guarded) {
      const { DeletionProtection, Replicas } = properties;
      expect(DeletionProtection ?? Replicas[0].DeletionProtectionEnabled).toBeOneOf(['ACTIVE', true]);
    }
    // API Gateway has one role for its logs in a region of an account: another API may use it.
    const role = allResources(assembly).find(({ type }) => type === 'AWS::ApiGateway::Account')?.properties
      .CloudWatchRoleArn;
    expect(left.filter(({ type }) => type === 'AWS::IAM::Role').map(({ logicalId }) => `<${logicalId}.Arn>`)).toEqual([
      role,
    ]);
  });

  test('has no function that could empty a bucket', () => {
    const described = allResources(assembly, 'AWS::Lambda::Function').map(({ properties }) => properties.Description);
    expect(described.filter(source => source.includes('empty'))).toEqual([]);
  });
});

describe('a stage that is thrown away', () => {
  const all = allResources(production);

  test('keeps nothing but what other APIs of the account may use', () => {
    const kept = all.filter(({ resource }) => /^Retain/.test(policyOf(resource)));
    expect(kept.map(({ type }) => type).sort()).toEqual(['AWS::ApiGateway::Account', 'AWS::IAM::Role']);
    expect(JSON.stringify(all.map(({ properties }) => properties))).not.toMatch(
      /"DeletionProtection(Enabled)?":(true|"ACTIVE")/,
    );
  });

  test('empties every bucket that it has before that goes, when nothing writes to it any more', () => {
    const buckets = all.filter(({ type }) => type === 'AWS::S3::Bucket');
    const [emptying] = allResources(production, 'AWS::Lambda::Function').filter(({ properties }) =>
      /empty-buckets/.test(properties.Description),
    );
    const { BUCKETS, LOCKED_BUCKETS } = emptying?.properties.Environment.Variables ?? {};
    const named = (text: string) => text.split(' ').sort();
    const ids = (locked: boolean) =>
      buckets
        .filter(({ properties }) => Boolean(properties.ObjectLockEnabled) === locked)
        .map(({ logicalId }) => `<${logicalId}>`)
        .sort();
    expect([named(BUCKETS), named(LOCKED_BUCKETS)]).toEqual([ids(false), ids(true)]);
    const [emptied] = all.filter(({ type }) => type === 'Custom::EmptyBuckets');
    expect([...(emptied?.properties.Buckets ?? [])].sort()).toEqual([...ids(false), ...ids(true)].sort());
    const policies = all.filter(({ type }) => type === 'AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(buckets.length);
    for (const { resource } of policies) expect(resource.DependsOn).toContain(emptied?.logicalId);
  });
});

describe("a stage's own domain", () => {
  const one = (type: string) => allResources(production, type)[0]?.properties;

  test('is regional, takes TLS 1.2 and newer alone, and has the API at its root', () => {
    expect(one('AWS::ApiGateway::DomainName')).toMatchObject({
      DomainName: 'api.example.com',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      RegionalCertificateArn: PRODUCTION.certificateArn,
      SecurityPolicy: 'TLS_1_2',
    });
    const mapping = one('AWS::ApiGateway::BasePathMapping');
    expect(mapping.BasePath ?? '').toBe('');
    expect(mapping.Stage).toBe(`<${allResources(production, 'AWS::ApiGateway::Stage')[0]?.logicalId}>`);
  });

  test.each(stages)('or the address that AWS gives, begins every link of the gateway: %s', (_, stage) => {
    const [api] = allResources(stage, 'AWS::ApiGateway::RestApi');
    const inAws = `https://<${api?.logicalId}>.execute-api.<AWS::Region>.<AWS::URLSuffix>/live`;
    const own = stage === production ? 'https://api.example.com' : undefined;
    const answers = Object.values<{ responseTemplates: Record<string, string> }>(
      api?.properties.Body['x-amazon-apigateway-gateway-responses'],
    );
    expect(answers.length).toBeGreaterThan(10);
    // The definition cannot name the id that the API is given: the gateway fills in the same address.
    const base = own ?? 'https://$context.domainName/$context.stage';
    for (const { responseTemplates } of answers)
      expect(responseTemplates['application/json']).toContain(`"type":"${base}/docs/problems#`);
    expect(outputOf(stage, 'ApiUrl')).toBe(own ?? inAws);
  });

  test('is where browsers are sent back to', () => {
    for (const { properties } of allResources(production, 'AWS::Cognito::UserPoolClient'))
      expect(properties).toMatchObject({
        CallbackURLs: ['https://api.example.com/sign-in'],
        LogoutURLs: ['https://api.example.com/sign-in'],
      });
  });
});

describe('the outputs', () => {
  test.each(stages)(
    'of %s say where people sign in, how an operator is added, and what confirms the domain of mail',
    (_, stage) => {
      for (const pool of ['Developers', 'Staff'])
        expect(outputOf(stage, `${pool}SignIn`)).toMatch(
          new RegExp(`^https?://(api\\.example\\.com|127\\.0\\.0\\.1:4480)/sign-in\\?as=${pool.toLowerCase()}$`),
        );
      expect(outputOf(stage, 'AddOperator')).toMatch(
        /^aws cognito-idp admin-create-user .* && aws cognito-idp admin-add-user-to-group .* operator$/,
      );
      expect(outputOf(stage, 'MailDkimRecords')).toMatch(/^<KnownMailDomain\w*\.DkimRecords>$/);
    },
  );

  test('name the target of the domain, and the secret of the engine', () => {
    expect(outputOf(production, 'DomainTarget')).toMatch(/\.RegionalDomainName>$/);
    expect(outputOf(production, 'DomainTargetZone')).toMatch(/\.RegionalHostedZoneId>$/);
    expect(outputOf(production, 'EngineSecretArn')).toMatch(/^<EngineKey/);
  });
});

function policyOf(resource: object): string {
  return (resource as { DeletionPolicy?: string }).DeletionPolicy ?? '';
}

function outputOf({ stacks }: typeof assembly, name: string): unknown {
  return stacks.flatMap(({ template }) => (template.Outputs?.[name] ? [flat(template.Outputs[name].Value)] : []))[0];
}
