import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  type InvokeCommandOutput,
  LambdaClient,
  ListFunctionsCommand,
  ListLayersCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { FUNCTION_ROLE, makeFunction } from '../support/function-asset.ts';

let cloud: EngineCloud;
let lambda: LambdaClient;

beforeAll(async () => {
  cloud = await startEngines([createLambda]);
  lambda = new LambdaClient({ ...cloud.client, maxAttempts: 1 });
});
afterAll(() => cloud.stop());

async function invoke(name: string, event: unknown = {}): Promise<{ answer: InvokeCommandOutput; result: never }> {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' }),
  );
  return { answer, result: JSON.parse(answer.Payload?.transformToString() ?? 'null') as never };
}

describe('a function', () => {
  it('answers an event with what its handler returns', async () => {
    const made = await makeFunction(cloud, 'Echo', 'export const handler = async event => ({ got: event.said });');
    const { answer, result } = await invoke(made.ref, { said: 'hello' });
    expect(answer.StatusCode).toBe(200);
    expect(answer.ExecutedVersion).toBe('$LATEST');
    expect(answer.FunctionError).toBeUndefined();
    expect(result).toEqual({ got: 'hello' });
    expect((await invoke(String(made.attributes.Arn), { said: 'by ARN' })).result).toEqual({ got: 'by ARN' });
  });

  it('runs a CommonJS bundle in a folder below a package of ES modules, and inline code', async () => {
    const source = 'const os = require("node:os"); exports.handler = async () => typeof os.cpus;';
    const made = await makeFunction(cloud, 'Common', source, {}, 'index.js');
    expect((await invoke(made.ref)).result).toBe('function');
    const two = 'const { word } = require("./other.js"); module.exports = { handler: async () => word };';
    const parts = await makeFunction(cloud, 'Parts', two, {}, 'index.js');
    writeFileSync(join(String(parts.metadata['aws:asset:path']), 'other.js'), 'exports.word = "from a sibling";');
    expect((await invoke(parts.ref)).result).toBe('from a sibling');
    const inline = await cloud.make('AWS::Lambda::Function', 'Inline', {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: FUNCTION_ROLE,
      Code: { ZipFile: 'exports.handler = async () => __filename;' },
    });
    expect((await invoke(inline.ref)).result).toMatch(/Test-Inline\/index\.js$/);
  });

  it('finds its code by the hash in the key of an asset', async () => {
    const given = await makeFunction(cloud, 'Given', 'export const handler = async () => "by hash";');
    const folder = given.metadata['aws:asset:path'];
    Object.assign(cloud.context, { assets: (hash: string) => (hash === 'c0ffee' ? folder : undefined) });
    const properties = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: FUNCTION_ROLE };
    const Code = { S3Bucket: 'cdk-assets', S3Key: 'c0ffee.zip' };
    const made = await cloud.make('AWS::Lambda::Function', 'Hashed', { ...properties, Code });
    expect((await invoke(made.ref)).result).toBe('by hash');
  });

  it('keeps its environment warm from one request to the next', async () => {
    const made = await makeFunction(cloud, 'Warm', 'let n = 0; export const handler = async () => ++n;');
    expect([(await invoke(made.ref)).result, (await invoke(made.ref)).result]).toEqual([1, 2]);
  });

  it('sees its declared variables and those of Lambda, and none of the process that runs the cloud', async () => {
    process.env.OUTSIDE_SECRET = 'x';
    const made = await makeFunction(
      cloud,
      'Variables',
      'export const handler = async () => ({ env: process.env, cwd: process.cwd(), exec: process.execArgv });',
      { Environment: { Variables: { TABLE: 'core' } }, MemorySize: 256 },
    );
    const { result } = await invoke(made.ref);
    const { env, exec } = result as { env: Record<string, string>; exec: string[] };
    const { accessKeyId, sessionToken } = cloud.context.iam.sessionFor(FUNCTION_ROLE, made.ref);
    expect(env).toMatchObject({
      TABLE: 'core',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: made.ref,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_LAMBDA_RUNTIME_API: new URL(cloud.context.awsUrl).host,
      AWS_ENDPOINT_URL: cloud.context.awsUrl,
      TZ: 'UTC',
    });
    const allowed = /^(AWS_|_HANDLER$|_X_AMZN_TRACE_ID$|LAMBDA_TASK_ROOT$|TABLE$|TZ$|LANG$|PATH$|TMPDIR$)/;
    expect(Object.keys(env).filter(name => !allowed.test(name))).toEqual([]);
    expect(exec).toEqual(['--max-old-space-size=256']);
  });

  it('gets a context that says who it is and how long it has', async () => {
    const source = `export const handler = async (event, c) =>
      ({ ...c, left: c.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID });`;
    const made = await makeFunction(cloud, 'Context', source, { Timeout: 7 });
    const { answer, result } = await invoke(made.ref);
    const context = result as Record<string, unknown>;
    expect(context).toMatchObject({
      functionName: made.ref,
      functionVersion: '$LATEST',
      invokedFunctionArn: made.attributes.Arn,
      memoryLimitInMB: '128',
      logGroupName: `/aws/lambda/${made.ref}`,
      awsRequestId: answer.$metadata.requestId,
      trace: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}/),
    });
    expect(context.left).toBeGreaterThan(5000);
    expect(context.left).toBeLessThanOrEqual(7000);
  });

  it('writes its lines between START and REPORT, in the answer and in a file', async () => {
    const made = await makeFunction(
      cloud,
      'Lines',
      'export const handler = async () => { console.log("one %d", 1); process.stdout.write("raw\\n"); };',
    );
    const { answer } = await invoke(made.ref);
    const tail = Buffer.from(answer.LogResult ?? '', 'base64').toString();
    const id = answer.$metadata.requestId;
    expect(tail).toMatch(
      new RegExp(
        `^START RequestId: ${id} .*\n.*\t${id}\tINFO\tone 1\nraw\nEND RequestId: ${id}\nREPORT .*Init Duration`,
      ),
    );
    expect(readFileSync(join(cloud.context.dataDir, 'logs', `${made.ref}.log`), 'utf8')).toContain(tail);
  });

  it('writes JSON lines where the logging configuration asks for them', async () => {
    const made = await makeFunction(cloud, 'JsonLines', 'export const handler = async () => console.warn("careful");', {
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const tail = Buffer.from((await invoke(made.ref)).answer.LogResult ?? '', 'base64').toString();
    const line = JSON.parse(tail.split('\n').find(text => text.startsWith('{')) ?? '{}');
    expect(line).toMatchObject({ level: 'WARN', message: 'careful' });
  });

  it('works with the SDK inside it, as its own role', async () => {
    const target = await makeFunction(cloud, 'Target', 'export const handler = async () => "reached";');
    const source = `
      import { createRequire } from 'node:module';
      const { LambdaClient, InvokeCommand } = createRequire('${process.cwd()}/')('@aws-sdk/client-lambda');
      export const handler = async () => {
        try {
          const out = await new LambdaClient({}).send(new InvokeCommand({ FunctionName: '${target.ref}' }));
          return JSON.parse(out.Payload.transformToString());
        } catch (error) { return error.name; }
      };`;
    const caller = await makeFunction(cloud, 'Caller', source);
    expect((await invoke(caller.ref)).result).toBe('AccessDeniedException');
    cloud.context.iam.setResourcePolicy(String(target.attributes.Arn), 'test', [
      { Effect: 'Allow', Principal: { AWS: FUNCTION_ROLE }, Action: 'lambda:InvokeFunction' },
    ]);
    expect((await invoke(caller.ref)).result).toBe('reached');
  });
});

describe('the control plane', () => {
  it('describes a function', async () => {
    const made = await makeFunction(cloud, 'Described', 'export const handler = () => 1;', {
      Description: 'functions/x.lambda.ts',
      MemorySize: 512,
      ReservedConcurrentExecutions: 3,
      Tags: [{ Key: 'app', Value: 'test' }],
    });
    const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: made.ref }));
    expect(configuration).toMatchObject({ MemorySize: 512, Timeout: 10, Description: 'functions/x.lambda.ts' });
    const whole = await lambda.send(new GetFunctionCommand({ FunctionName: made.ref }));
    expect(whole.Concurrency?.ReservedConcurrentExecutions).toBe(3);
    expect(whole.Tags).toEqual({ app: 'test' });
    expect(whole.Configuration).toMatchObject({ CodeSize: 31, CodeSha256: expect.stringMatching(/^[\w+/]{43}=$/) });
    expect(Date.parse(whole.Configuration?.LastModified ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('has one hash for one code, and another once the code has changed', async () => {
    const hash = async (code: string) => {
      const { ref } = await makeFunction(cloud, 'Hashed', code);
      const { CodeSha256 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: ref }));
      return CodeSha256;
    };
    const first = await hash('export const handler = () => 1;');
    expect(await hash('export const handler = () => 1;')).toBe(first);
    expect(await hash('export const handler = () => 2;')).not.toBe(first);
  });

  it('lists functions a page at a time', async () => {
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await lambda.send(new ListFunctionsCommand({ MaxItems: 2, ...(Marker ? { Marker } : {}) }));
      names.push(...(page.Functions ?? []).map(each => each.FunctionName));
      Marker = page.NextMarker;
    } while (Marker);
    expect(names).toContain('Test-Described');
    expect(names).toEqual([...new Set(names)].sort());
  });

  it('shows the policy that permissions made', async () => {
    const made = await makeFunction(cloud, 'Permitted', 'export const handler = () => 1;');
    await expect(lambda.send(new GetPolicyCommand({ FunctionName: made.ref }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await cloud.make('AWS::Lambda::Permission', 'Permit', {
      Action: 'lambda:InvokeFunction',
      FunctionName: made.attributes.Arn,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:abc/*',
    });
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: made.ref }));
    expect(JSON.parse(Policy ?? '{}').Statement).toEqual([
      expect.objectContaining({
        Principal: { Service: 'apigateway.amazonaws.com' },
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:execute-api:us-east-1:000000000000:abc/*' } },
      }),
    ]);
  });

  it('lets a service invoke only from the source that the permission names', async () => {
    const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Test-Permitted';
    const call = { functionArn, payload: '{}', as: 'apigateway.amazonaws.com' };
    const from = (api: string) => `arn:aws:execute-api:us-east-1:000000000000:${api}/live/GET/`;
    const { invokeFunction } = cloud.context.ports;
    await expect(invokeFunction({ ...call, sourceArn: from('abc') })).resolves.toMatchObject({ payload: '1' });
    await expect(invokeFunction({ ...call, sourceArn: from('other') })).rejects.toThrow(/not authorized/);
    await expect(invokeFunction(call)).rejects.toThrow(/not authorized/);
  });

  it('answers a version and an alias with the function that they stand for', async () => {
    const made = await makeFunction(cloud, 'Versioned', 'export const handler = (e, c) => c.invokedFunctionArn;');
    const version = await cloud.make('AWS::Lambda::Version', 'V1', { FunctionName: made.ref });
    const properties = { FunctionName: made.ref, FunctionVersion: version.attributes.Version, Name: 'live' };
    const alias = await cloud.make('AWS::Lambda::Alias', 'Live', properties);
    expect((await invoke(version.ref)).result).toBe(version.ref);
    expect((await invoke(alias.ref)).result).toBe(alias.ref);
  });

  it('refuses a caller without permission, an unknown function and an unknown operation by name', async () => {
    const stranger = new LambdaClient(cloud.clientAs('arn:aws:iam::000000000000:role/stranger'));
    await expect(stranger.send(new InvokeCommand({ FunctionName: 'Test-Echo' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(lambda.send(new ListLayersCommand({}))).rejects.toThrow(/does not know GET \/2018-10-31\/layers/);
  });

  it('refuses at the boot, by name, what it cannot honour', async () => {
    const make = (properties: Record<string, unknown>) => makeFunction(cloud, 'Refused', '', properties);
    await expect(make({ VpcConfig: {} })).rejects.toThrow(
      'Refused (AWS::Lambda::Function): the local cloud does not know VpcConfig',
    );
    await expect(make({ Timeout: 901 })).rejects.toThrow('Timeout: should be 1 to 900');
    await expect(cloud.make('AWS::Lambda::EventSourceMapping', 'Mapping', {})).rejects.toThrow(
      'EventSourceArn: is missing',
    );
  });

  it('accepts a function of another runtime, and refuses to run it', async () => {
    const made = await makeFunction(cloud, 'Python', '', { Runtime: 'python3.13' });
    await expect(invoke(made.ref)).rejects.toMatchObject({ name: 'InvalidRuntimeException' });
  });
});
