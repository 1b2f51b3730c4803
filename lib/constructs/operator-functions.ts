import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import type { Tables } from './tables.ts';
import { usagePlanPrefix } from './usage-plans.ts';
import { table } from './use.ts';

/** What an operator does by invoking a function: who may is decided by IAM, and no route leads here. Answers the one that opens accounts. */
export function makeOperatorFunctions(scope: Construct, stage: Stage, { core, ledger, audit }: Tables): LambdaFunction {
  const timeout = Duration.seconds(30);
  const openAccount = functionFor(scope, 'functions/keys/open-account.lambda.ts', stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['PutItem', 'GetItem', 'ConditionCheckItem']),
      LEDGER_TABLE: table(ledger, ['PutItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
    },
    settings: { USAGE_PLANS: usagePlanPrefix(stage.name) },
  });
  const issueKey = functionFor(scope, 'functions/keys/issue-key.lambda.ts', stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['PutItem', 'GetItem', 'ConditionCheckItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
    },
  });
  const revokeKey = functionFor(scope, 'functions/keys/revoke-key.lambda.ts', stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['PutItem', 'UpdateItem', 'GetItem'], ['keysByAccount']),
      AUDIT_TABLE: table(audit, ['PutItem']),
    },
  });
  const stack = Stack.of(scope);
  new CfnOutput(stack, 'OpenAccountFunction', { value: openAccount.functionName });
  new CfnOutput(stack, 'IssueKeyFunction', { value: issueKey.functionName });
  new CfnOutput(stack, 'RevokeKeyFunction', { value: revokeKey.functionName });
  return openAccount;
}
