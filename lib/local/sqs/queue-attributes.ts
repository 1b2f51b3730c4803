/** The attributes of a queue: their limits and defaults, by AWS's table of SetQueueAttributes. Pure. */
import { refusal } from './sqs-error.ts';

export type Attributes = Readonly<Record<string, string>>;

/** Numbers, in seconds or bytes: least, most, default. */
const NUMBERS: Readonly<Record<string, readonly [least: number, most: number, usual: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, 300],
};
/** Taken as they are; encryption is a label here. A Policy is the template's alone (queue-policy.ts). */
const TEXTS = ['RedrivePolicy', 'RedriveAllowPolicy', 'SqsManagedSseEnabled', 'KmsMasterKeyId'];

export const SETTABLE: readonly string[] = [...Object.keys(NUMBERS), ...TEXTS];

export const DEFAULTS: Attributes = {
  ...Object.fromEntries(
    Object.entries(NUMBERS)
      .filter(([name]) => !name.startsWith('Kms'))
      .map(([name, [, , usual]]) => [name, String(usual)]),
  ),
  SqsManagedSseEnabled: 'true',
};

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Throws InvalidAttributeName or InvalidAttributeValue for what SQS would not set. */
export function checkAttributes(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!SETTABLE.includes(name)) throw refusal('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const [least, most] = NUMBERS[name] ?? [];
    if (least === undefined || most === undefined) continue;
    if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most) {
      throw refusal('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
  redrivePolicy(attributes);
}

/** Where messages go that were received too often; undefined where they stay. Throws InvalidParameterValue. */
export function redrivePolicy({ RedrivePolicy: json = '' }: Attributes): RedrivePolicy | undefined {
  if (json === '') return undefined;
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
  try {
    policy = JSON.parse(json) as typeof policy;
  } catch {
    throw refusal(
      'InvalidAttributeValue',
      'Invalid value for the parameter RedrivePolicy. Reason: Amazon SQS cannot parse it as JSON.',
    );
  }
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (typeof policy.deadLetterTargetArn !== 'string' || !(maxReceiveCount >= 1 && maxReceiveCount <= 1000)) {
    throw refusal(
      'InvalidAttributeValue',
      `Value ${json} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount or deadLetterTargetArn.`,
    );
  }
  return { deadLetterTargetArn: policy.deadLetterTargetArn, maxReceiveCount };
}

/** Whether a queue with these attributes lets `sourceArn` send its dead letters to it. */
export function takesDeadLettersOf({ RedriveAllowPolicy: json = '' }: Attributes, sourceArn: string): boolean {
  if (json === '') return true;
  const policy = JSON.parse(json) as { redrivePermission?: string; sourceQueueArns?: readonly string[] };
  if (policy.redrivePermission === 'byQueue') return policy.sourceQueueArns?.includes(sourceArn) ?? false;
  return policy.redrivePermission !== 'denyAll';
}
