/** What docs/deployment.md says of the template is what the template has, and its sums are made of its prices. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HEARTBEAT_SECONDS } from '../../lib/constructs/generation-flow.ts';
import { readStage, settingsAtDefault } from '../../lib/stage.ts';
import { allResources, assembly, assemblyOf, PRODUCTION, ROOT, resources } from './synthesised.ts';

const page = readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8').replaceAll('\n', ' ');
const production = await assemblyOf(PRODUCTION);
const stage = readStage(() => undefined, {});
const one = (type: string) => resources(type)[0]?.properties;

const task = one('AWS::ECS::TaskDefinition');
const vcpu = Number(task.Cpu) / 1024;
const memory = Number(task.Memory) / 1024;
const storage: number = task.EphemeralStorage.SizeInGiB;

/** The price of a row, in US dollars. */
function price(name: string): number {
  const [, found] = page.split(`| ${name} | `)[1]?.match(/^([\d.]+) \|/) ?? [];
  if (found === undefined) throw new Error(`the page has no price of ${name}`);
  return Number(found);
}

describe('the page on deployment', () => {
  test('has the quota that workers need while a deployment replaces them', () => {
    const { MaximumPercent } = one('AWS::ECS::Service').DeploymentConfiguration;
    const times = MaximumPercent / 100;
    const most = stage.workerMax;
    expect(page).toContain(`| ${vcpu} vCPU a worker, twice while a deployment replaces them`);
    expect(page).toContain(
      `${vcpu} x \`workerMax\` x ${times}, which is ${vcpu * most * times} with \`workerMax=${most}\``,
    );
    const [hosts] = allResources(production, 'AWS::ECS::CapacityProvider');
    const { InstanceRequirements: host } = hosts?.properties.ManagedInstancesProvider.InstanceLaunchTemplate ?? {};
    const { Min, Max } = host.VCpuCount;
    expect(page).toContain(
      `hosts have ${Min} to ${Max} and one GPU each, so at least ${Min * most * times} with \`workerMax=${most}\``,
    );
    expect([host.AcceleratorCount.Max, host.AcceleratorTotalMemoryMiB.Min / 1024]).toEqual([1, 22]);
    expect(page).toContain('a GPU of 22 GiB or more');
  });

  test("has the API's limits, the time of a worker to end, and for how long logs and what was deleted are kept", () => {
    const [settings] = one('AWS::ApiGateway::Stage').MethodSettings;
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings;
    const said = (count: number) => count.toLocaleString('en-US');
    expect(page).toContain(`a stage lets through ${said(rate)} a second and ${said(burst)} at once`);
    expect(page).toContain(`**Open the API** with a rate of ${said(rate)} again`);
    expect(page).toContain(`an old one has ${task.ContainerDefinitions[0].StopTimeout} seconds`);
    expect(page).toContain(`for \`logDays\` (${one('AWS::Logs::LogGroup').RetentionInDays})`);
    const keptDays = Object.fromEntries(
      resources('AWS::S3::Bucket').map(({ logicalId, properties }) => {
        const rules: { NoncurrentVersionExpiration?: { NoncurrentDays: number } }[] =
          properties.LifecycleConfiguration?.Rules ?? [];
        const [, name = ''] = /^([A-Za-z]+?)[0-9A-F]{8}$/.exec(logicalId) ?? [];
        return [name, rules.flatMap(rule => rule.NoncurrentVersionExpiration?.NoncurrentDays ?? [])];
      }),
    );
    expect(keptDays).toMatchObject({ Media: [1], Documents: [1], Reports: [92] });
    expect(page).toContain('can be had back for a day, reports for 92 days');
  });

  test('names every alarm, and when it goes off', () => {
    const alarms = resources('AWS::CloudWatch::Alarm');
    const named = alarms.map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, ''));
    const [, table = ''] = page.split('| alarm | goes off | |---|---| ');
    const said = [...(table.split(' Beside them')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(said.sort()).toEqual([...named].sort());
    const threshold = (name: string): number => alarms[named.indexOf(name)]?.properties.Threshold ?? Number.NaN;
    expect(page).toContain(
      `waited ${threshold('NoWorker')} seconds for a worker; it fails with a refund after ${HEARTBEAT_SECONDS} |`,
    );
    expect(threshold('SweepFailing')).toBe(2);
  });

  test('names outputs, settings and tables that are there', () => {
    const outputs = new Set(
      [...assembly.stacks, ...production.stacks].flatMap(({ template }) => Object.keys(template.Outputs ?? {})),
    );
    const named = [...page.matchAll(/<([A-Z]\w+)>/g)].map(([, name = '']) => name).filter(name => name !== 'Name');
    const told = [
      'DomainTarget',
      'DomainTargetZone',
      'MailDkimRecords',
      'AddOperator',
      'StaffSignIn',
      'StripeSecretArn',
    ];
    const also = ['DevelopersSignIn', 'OpenAccountFunction', 'VerifyAuditFunction', 'ExportDayFunction', 'ApiUrl'];
    for (const name of [...told, ...also]) expect(page).toContain(`\`${name}`);
    expect([...named, ...told, ...also].filter(name => !outputs.has(name))).toEqual([]);
    const tables = [...page.matchAll(/<(\w+)Table>/g)].map(([, name = '']) => name);
    expect(new Set(tables).size).toBe(resources('AWS::DynamoDB::GlobalTable').length);
    const settings = settingsAtDefault(() => undefined, {}).split(/[^\w]+/);
    const given = [...page.matchAll(/(?:-c |`)([a-z]\w+)=\w/g)].map(([, setting = '']) => setting);
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter(setting => !settings.includes(setting))).toEqual([]);
  });
});

const HOURS = 730;
const worker =
  vcpu * price('Fargate, Linux x86') +
  memory * price('Fargate, memory') +
  (storage - 20) * price('Fargate, storage above 20 GB');
const gateway = price('NAT gateway') + price('Public IPv4 address');

describe('what it costs', () => {
  const alarms = resources('AWS::CloudWatch::Alarm').length;
  const secrets = resources('AWS::SecretsManager::Secret').length;
  const keys = resources('AWS::KMS::Key').length;
  const small = alarms * price('Alarm') + secrets * price('Secret') + keys * price('KMS key');

  test('idle is the sum of what the template has, at the prices of the page', () => {
    const row = (words: string): string => page.split(`| ${words} | `)[1]?.split(' |')[0] ?? `no row of ${words}`;
    const natGateways = resources('AWS::EC2::NatGateway').length;
    expect(natGateways).toBe(1);
    expect(row(`one worker: ${vcpu} vCPU, ${memory} GB, ${storage} GB of storage`)).toBe((worker * HOURS).toFixed(0));
    // Half a dollar rounds up, as it is said of two: 36.50 and 73.
    expect(row('one NAT gateway with its address')).toBe(String(Math.round(gateway * HOURS)));
    expect(page).toContain(`${(2 * gateway * HOURS).toFixed(0)} with \`natGateways=2\``);
    expect(row(`${alarms} alarms, ${secrets} secrets, ${keys} key`)).toBe(small.toFixed(0));
    const guessed =
      Number(row('Container Insights')) + Number(row('logs, flow logs, traces, schedules, an empty store'));
    const without = gateway * HOURS + small + guessed;
    expect(row('**all**')).toBe(`**${(worker * HOURS + without).toFixed(0)}**`);
    expect(page).toContain(`**${without.toFixed(0)} with \`workerMin=0\`**`);
  });

  test('busy is workers by the hour, and transitions of the state machine', () => {
    expect(page).toContain(`each further worker is ${worker.toFixed(2)} an hour`);
    expect(page).toContain(`at most ${(stage.workerMax * worker * HOURS).toFixed(0)} a month`);
    expect(page).toContain(`1,000 videos are ${((1000 / 60) * worker).toFixed(2)} of a worker`);
    const host = price('EC2 `g5.xlarge`, 4 vCPU, one A10G');
    expect(page).toContain(
      `a worker is ${(host * HOURS).toFixed(0)} a month, and 1,000 videos of a minute ${((1000 / 60) * host).toFixed(2)}`,
    );
    // Two states, with start and end.
    const [, states = ''] = String(one('AWS::StepFunctions::StateMachine').DefinitionString).split('"States":');
    expect([...states.matchAll(/"Type":"\w+"/g)]).toHaveLength(2);
    expect(page).toContain(`${((4 * price('Step Functions')) / 1000).toFixed(2)} of it Step Functions`);
  });
});
