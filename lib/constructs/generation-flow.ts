/**
 * The flow of one generation, in Amazon States Language with JSONata. Invariants: two states, so at most four
 * transitions with start and end; whatever happens to Generate, Settle runs: both states are bounded, and
 * the execution has no limit of its own, which would end it without settling. Settle may run twice and settles once.
 *
 * Input `{accountId, jobId, group}`, the group being that of the queue. A worker answers the task token with an outcome, `{kind: 'succeeded', ...}` or
 * `{kind: 'failed', reason}`; Settle is given `{accountId, jobId, outcome}`.
 */

/** Longest from start to outcome: the wait for a worker, some attempts of some minutes each, and room. One hour. */
export const GENERATE_TIMEOUT_SECONDS = 3600;

/**
 * Longest without a sign of life. A waiting job has none, so this is the longest that a job waits for a worker; then it
 * fails with a full refund. A worker that dies is noticed sooner: its message comes back after the queue's 45 seconds.
 */
export const HEARTBEAT_SECONDS = 900;

/** 1 + 2 + 4 + 8 s at most: SQS is rarely away for longer, and then the sweeper starts nothing twice. */
const SEND_RETRY = {
  ErrorEquals: ['SQS.SdkClientException', 'SQS.AmazonSQSException'],
  IntervalSeconds: 1,
  MaxAttempts: 4,
  BackoffRate: 2,
  JitterStrategy: 'FULL',
};

/**
 * 2 + 4 + 8 + 16 + 32 + 64 s: two minutes at most. What fails for longer is left to an alarm and to the sweeper, which
 * settles by what the worker has noted in the job.
 */
const SETTLE_RETRY = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
  JitterStrategy: 'FULL',
};

/** The definition as JSON would hold it; the arguments may be CDK tokens. */
export function generationFlow(places: { queueUrl: string; settleArn: string }): Record<string, unknown> {
  const job = { accountId: '{% $states.input.accountId %}', jobId: '{% $states.input.jobId %}' };
  return {
    Comment: 'One generation: a worker makes it, then it is settled, whatever came of it.',
    QueryLanguage: 'JSONata',
    StartAt: 'Generate',
    States: {
      Generate: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: {
          QueueUrl: places.queueUrl,
          // SQS serves quiet groups first where one has sent much; an account has as many as its plan has turns.
          MessageGroupId: '{% $exists($states.input.group) ? $states.input.group : $string($states.input.accountId) %}',
          MessageBody: { ...job, taskToken: '{% $states.context.Task.Token %}' },
        },
        TimeoutSeconds: GENERATE_TIMEOUT_SECONDS,
        HeartbeatSeconds: HEARTBEAT_SECONDS,
        Retry: [SEND_RETRY],
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Output: {
              ...job,
              outcome: {
                kind: 'failed',
                reason: '{% $states.errorOutput.Error %}',
                // Absent for a timeout.
                cause: '{% $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : "" %}',
              },
            },
            Next: 'Settle',
          },
        ],
        Output: { ...job, outcome: '{% $states.result %}' },
        Next: 'Settle',
      },
      Settle: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: places.settleArn, Payload: '{% $states.input %}' },
        TimeoutSeconds: 60,
        Retry: [SETTLE_RETRY],
        Output: '{% $states.result.Payload %}',
        End: true,
      },
    },
  };
}
