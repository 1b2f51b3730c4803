/** Legal hold and retention of a version, in buckets made with Object Lock. */
import { childText, readXml } from '../protocols/xml.ts';
import type { AwsResponse } from '../service.ts';
import { authorizeBucket, authorizeObject, type Call, document, readable } from './call.ts';
import { verifyBody } from './checksums.ts';
import { checkedRetention } from './object-headers.ts';
import { refusal } from './s3-error.ts';
import type { Retention, Version } from './version.ts';

export function getObjectLegalHold(call: Call): AwsResponse {
  authorizeObject(call, 's3:GetObjectLegalHold');
  const version = lockable(call);
  return document(['LegalHold', [['Status', version.legalHold ? 'ON' : 'OFF']]]);
}

export async function putObjectLegalHold(call: Call): Promise<AwsResponse> {
  authorizeObject(call, 's3:PutObjectLegalHold');
  verifyBody(call.request.headers, call.request.body);
  const root = readXml(call.request.body.toString());
  const status = childText(root, 'Status');
  if (root.name !== 'LegalHold' || (status !== 'ON' && status !== 'OFF')) throw refusal('MalformedXML');
  await call.versions.change(() => call.versions.setLegalHold(lockable(call), status === 'ON'));
  return { status: 200 };
}

export function getObjectRetention(call: Call): AwsResponse {
  authorizeObject(call, 's3:GetObjectRetention');
  const { retention } = lockable(call);
  if (!retention) throw refusal('NoSuchObjectLockConfiguration');
  const until = new Date(retention.until).toISOString();
  return document([
    'Retention',
    [
      ['Mode', retention.mode],
      ['RetainUntilDate', until],
    ],
  ]);
}

export async function putObjectRetention(call: Call): Promise<AwsResponse> {
  authorizeObject(call, 's3:PutObjectRetention');
  const bypass = call.header('x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
  if (bypass) authorizeObject(call, 's3:BypassGovernanceRetention');
  verifyBody(call.request.headers, call.request.body);
  const root = readXml(call.request.body.toString());
  if (root.name !== 'Retention') throw refusal('MalformedXML');
  const mode = childText(root, 'Mode');
  const wanted = mode ? checkedRetention(mode, childText(root, 'RetainUntilDate') ?? '', call.now) : undefined;
  await call.versions.change(() => {
    const version = lockable(call);
    if (weakens(version.retention, wanted, call.now, bypass)) {
      throw refusal('AccessDenied', 'Access Denied because object protected by object lock.');
    }
    call.versions.setRetention(version, wanted);
  });
  return { status: 200 };
}

export function getObjectLockConfiguration(call: Call): AwsResponse {
  authorizeBucket(call, 's3:GetBucketObjectLockConfiguration');
  const lock = call.bucket.config.objectLock;
  if (!lock) throw refusal('ObjectLockConfigurationNotFoundError');
  const { mode, days, years } = lock;
  const retention = [
    ['Mode', mode],
    ['Days', days],
    ['Years', years],
  ] as const;
  return document([
    'ObjectLockConfiguration',
    [
      ['ObjectLockEnabled', 'Enabled'],
      ['Rule', mode && [['DefaultRetention', retention]]],
    ],
  ]);
}

function lockable(call: Call): Version {
  if (!call.bucket.config.objectLock) throw refusal('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  return readable(call);
}

/** Compliance is only ever extended; governance may be weakened by those who may bypass it. */
function weakens(now: Retention | undefined, wanted: Retention | undefined, time: number, bypass: boolean): boolean {
  if (!now || now.until <= time || (now.mode === 'GOVERNANCE' && bypass)) return false;
  return !wanted || wanted.until < now.until || (now.mode === 'COMPLIANCE' && wanted.mode === 'GOVERNANCE');
}
