import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shellEnvironment } from '../../bin/local/shell-environment.ts';

const LOCAL = {
  apiUrl: 'http://127.0.0.1:4480',
  apiKey: "a'b$HOME`c",
  awsEndpoints: { s3: 'http://127.0.0.1:4481' },
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x y' },
};

test.each(['eval $(printf %s "$LINE")', 'eval "$(printf %s "$LINE")"'])(
  'after %s every aws CLI calls this platform, also one that does not read AWS_ENDPOINT_URL',
  evaluated => {
    const folder = mkdtempSync(join(tmpdir(), 'shell-'));
    try {
      const cli = join(folder, 'aws');
      writeFileSync(cli, '#!/bin/sh\nfor each in "$@"; do echo "<$each>"; done\n');
      chmodSync(cli, 0o755);
      const env = { PATH: `${folder}:${process.env.PATH}`, LINE: shellEnvironment(LOCAL) };
      const script = `${evaluated}; aws logs tail "two words"`;
      const said = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).trim().split('\n');
      expect(said).toEqual(['<--endpoint-url>', '<http://127.0.0.1:4481>', '<logs>', '<tail>', '<two words>']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('a shell that evaluates the line has every value as it is, also where it holds quotes and dollars', () => {
  const line = shellEnvironment(LOCAL);
  const script = 'eval $(printf %s "$LINE"); env';
  const env = { PATH: process.env.PATH, LINE: line, AWS_PROFILE: 'other', AWS_SESSION_TOKEN: 'other' };
  const set = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).split('\n');
  expect(set).toEqual(
    expect.arrayContaining([
      'AWS_ENDPOINT_URL=http://127.0.0.1:4481',
      'AWS_REGION=us-east-1',
      'AWS_DEFAULT_REGION=us-east-1',
      'AWS_ACCESS_KEY_ID=AKIA',
      'AWS_SECRET_ACCESS_KEY=x y',
      'API=http://127.0.0.1:4480',
      "KEY=a'b$HOME`c",
    ]),
  );
  expect(set.filter(entry => /^AWS_(PROFILE|SESSION_TOKEN)=/.test(entry))).toEqual([]);
});
