import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a check of the AwsSolutions pack does not apply to a construct and what stands below it. `reasons` is by the
 * rule's id, with the finding in brackets where the rule reports several: `AwsSolutions-IAM5[Resource::*]`.
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
}
