/** What CloudFormation asks of a custom resource, and how it is answered. Pure. */

/** One thing that CloudFormation wants done; it may ask more than once, and asks whoever answered last. */
export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Where the answer is put. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** As the answer to Create named it. */
  readonly PhysicalResourceId?: string;
}

/** What came of it: attributes of the resource by their names, or why it failed. */
export type CustomResourceOutcome = { readonly data: Readonly<Record<string, string>> } | { readonly failure: string };

/** The whole answer may have 4,096 bytes. */
const LONGEST_REASON = 1_000;

/** The answer's body. The resource keeps one name for as long as it lives: with another, CloudFormation would delete the former. */
export function answerTo(event: CustomResourceEvent, outcome: CustomResourceOutcome): string {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = LogicalResourceId } = event;
  const told = { StackId, RequestId, LogicalResourceId, PhysicalResourceId };
  return JSON.stringify(
    'failure' in outcome
      ? { Status: 'FAILED', Reason: outcome.failure.slice(0, LONGEST_REASON), ...told }
      : { Status: 'SUCCESS', ...told, Data: outcome.data },
  );
}
