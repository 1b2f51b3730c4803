/** Programs that pages of the docs use. Where one is missing on Debian it is installed; elsewhere what is missing is said. */
import { execFileSync, spawnSync } from 'node:child_process';

/** By the program: the package that has it. */
const PACKAGES = { curl: 'curl', jq: 'jq', python3: 'python3', aws: 'awscli' } as const;

export function installMissing(): void {
  const missing = Object.entries(PACKAGES).filter(([program]) => !isThere(program));
  if (missing.length === 0) return;
  const names = missing.map(([, name]) => name);
  const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...names];
  try {
    for (const words of [['apt-get', 'update'], install]) {
      const [program = '', ...args] = [...root, ...words];
      execFileSync(program, args, { stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    }
  } catch (error) {
    throw new Error(`The docs are run with ${names.join(', ')}. Install them (${install.join(' ')}): ${error}`);
  }
}

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}
