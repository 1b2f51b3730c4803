/** `npm run token`: what it prints of an authenticator, without a platform. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSync } from 'otplib';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test('--code prints a code of the authenticator that the pool still takes, and remembers it as used', () => {
  const folder = mkdtempSync(join(tmpdir(), 'token-'));
  try {
    const person = { email: 'operator@mutoscope.example', password: 'x', poolId: 'p', clientId: 'c', subject: 's' };
    const operator = { ...person, authenticator: { secret: SECRET, lastStep: 0 } };
    const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'x' };
    const local = { people: { operator }, region: 'us-east-1', credentials, awsEndpoints: {} };
    writeFileSync(join(folder, 'local.json'), JSON.stringify(local));
    const env = { PATH: process.env.PATH, MUTOSCOPE_DATA_DIR: folder };
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'bin/token.ts'), 'operator', '--code'], {
      env,
      encoding: 'utf8',
    });
    expect({ status, stderr: stderr.replace(/^\(.*\n/gm, '') }).toEqual({ status: 0, stderr: '' });
    const { lastStep } = JSON.parse(readFileSync(join(folder, 'local.json'), 'utf8')).people.operator.authenticator;
    expect(Math.abs(lastStep - Date.now() / 30_000)).toBeLessThan(3);
    expect(stdout).toBe(`${generateSync({ secret: SECRET, epoch: lastStep * 30 })}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
