import type { LocalJson } from './local-json.ts';

/**
 * One line for a POSIX shell's `eval`, which may have split and joined it at spaces. Version 1 of the aws CLI reads the
 * region from AWS_DEFAULT_REGION alone, SDKs read it from AWS_REGION. Releases of both versions before July 2023, such as Debian 12's, do
 * not read AWS_ENDPOINT_URL and would call AWS itself: in this shell every `aws` is told. A session token or a profile of
 * another account would stand in the way.
 */
export function shellEnvironment(
  local: Pick<LocalJson, 'apiUrl' | 'apiKey' | 'awsEndpoints' | 'region' | 'credentials'>,
): string {
  const endpoint = local.awsEndpoints.s3 ?? '';
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: local.region,
    AWS_DEFAULT_REGION: local.region,
    AWS_ACCESS_KEY_ID: local.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: local.credentials.secretAccessKey,
    API: local.apiUrl,
    KEY: local.apiKey,
  };
  const set = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  const aws = `aws() { command aws --endpoint-url ${quoted(endpoint)} "$@"; }`;
  return `unset AWS_SESSION_TOKEN AWS_PROFILE; export ${set.join(' ')}; ${aws}`;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
