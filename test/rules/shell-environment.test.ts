import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellEnvironment } from '../../bin/local/shell-environment.ts';

test('a shell that evaluates the line has every value as it is, also where it holds quotes and dollars', () => {
  const line = shellEnvironment({
    apiUrl: 'http://127.0.0.1:4480',
    apiKey: "a'b$HOME`c",
    awsEndpoints: { s3: 'http://127.0.0.1:4481' },
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x y' },
  });
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
