import type { LocalJson } from './local-json.ts';

/**
 * One line for a POSIX shell's `eval`, which may have split and joined it at spaces. Version 1 of the aws CLI reads the
 * region from AWS_DEFAULT_REGION alone. A session token or a profile of another account would stand in the way.
 */
export function shellEnvironment(
  local: Pick<LocalJson, 'apiUrl' | 'apiKey' | 'awsEndpoints' | 'region' | 'credentials'>,
): string {
  const variables = {
    AWS_ENDPOINT_URL: local.awsEndpoints.s3 ?? '',
    AWS_REGION: local.region,
    AWS_DEFAULT_REGION: local.region,
    AWS_ACCESS_KEY_ID: local.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: local.credentials.secretAccessKey,
    API: local.apiUrl,
    KEY: local.apiKey,
  };
  const set = Object.entries(variables).map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'`);
  return `unset AWS_SESSION_TOKEN AWS_PROFILE; export ${set.join(' ')}`;
}
