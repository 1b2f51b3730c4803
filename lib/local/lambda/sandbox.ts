/**
 * What an execution environment finds around it: its variables, its credentials, a temporary folder of its own. Nothing
 * of this process's environment passes to it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { CloudContext } from '../service.ts';
import { Environment } from './environment.ts';
import type { FunctionDefinition } from './function.ts';

export class Sandbox {
  readonly #context: CloudContext;
  readonly #folder: string;
  readonly #bootstrap: string;
  #made = 0;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#folder = join(context.dataDir, 'lambda');
    this.#bootstrap = join(this.#folder, 'bootstrap.mjs');
    mkdirSync(this.#folder, { recursive: true });
    // Stripped once here: in each new process it would take longer than all the rest of its start.
    const source = readFileSync(join(import.meta.dirname, 'bootstrap.ts'), 'utf8');
    writeFileSync(this.#bootstrap, stripTypeScriptTypes(source));
    this.#endLeftovers();
  }

  /** Where the code of functions without an asset is written. */
  get inlineFolder(): string {
    return join(this.#folder, 'inline');
  }

  /** Starts a process for the function. */
  start(definition: FunctionDefinition, log: (text: string) => void, onOver: () => void): Environment {
    const { codeFolder } = definition;
    if (codeFolder === undefined) throw new Error(`${definition.name} has no code that Node can run`);
    const home = join(this.#environments, `${process.pid}-${++this.#made}`);
    mkdirSync(home, { recursive: true });
    const setup = {
      bootstrap: this.#bootstrap,
      compileCache: process.env.NODE_COMPILE_CACHE ?? join(this.#folder, 'compile-cache'),
      codeFolder,
      variables: this.#variables(definition, codeFolder, home),
    };
    const environment = new Environment(definition, setup, log, () => {
      rmSync(home, { recursive: true, force: true });
      onOver();
    });
    writeFileSync(join(home, '.pid'), String(environment.pid ?? ''));
    return environment;
  }

  get #environments(): string {
    return join(this.#folder, 'environments');
  }

  #variables(definition: FunctionDefinition, codeFolder: string, home: string): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey } = this.#context.iam.credentialsFor(definition.role);
    return {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'en_US.UTF-8',
      TZ: 'UTC',
      TMPDIR: home,
      ...definition.environment,
      AWS_REGION: this.#context.region,
      AWS_DEFAULT_REGION: this.#context.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_ENDPOINT_URL: this.#context.awsUrl,
      AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: definition.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${this.#made}`,
      LAMBDA_TASK_ROOT: codeFolder,
      _HANDLER: definition.handler,
    };
  }

  /**
   * A process ends itself when the cloud's own one is killed, unless its handler never yields: such a one is ended
   * here at the next start. Its own variables prove that the process id is still its own.
   */
  #endLeftovers(): void {
    const folders = readdirSync(this.#folder).includes('environments') ? readdirSync(this.#environments) : [];
    for (const folder of folders) {
      const home = join(this.#environments, folder);
      try {
        const pid = Number(readFileSync(join(home, '.pid'), 'utf8'));
        if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TMPDIR=${home}\0`)) process.kill(pid, 'SIGKILL');
      } catch {
        // No such process, or a system without /proc: nothing to end.
      }
      rmSync(home, { recursive: true, force: true });
    }
  }
}
