import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiKeySourceType,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { answerInEnvelope } from './gateway-responses.ts';

/**
 * Requests a second for all accounts together, and at once: an AWS account in a newer region has 2,500 and 1,250 for
 * every API in it, and this one leaves a fifth to the others. An account's own limits are its usage plan's.
 */
const REQUESTS_PER_SECOND = 2_000;
const REQUESTS_BURST = 1_000;

/** The REST API without its routes: a usage plan needs this kind, and reads its key from the authorizer's answer. */
export function makeGateway(scope: Construct, stage: Stage): RestApi {
  const accessLogs = new LogGroup(scope, 'AccessLogs', { retention: stage.logRetention, removalPolicy: stage.removal });
  const api = new RestApi(scope, 'Gateway', {
    restApiName: `mutoscope-${stage.name}`,
    description: 'Video generation in the PixVerse dialect',
    endpointTypes: [EndpointType.REGIONAL],
    apiKeySourceType: ApiKeySourceType.AUTHORIZER,
    // What is not text: sent on to the handler as base64, which is why an image is at most some 4.5 MB here.
    binaryMediaTypes: ['multipart/form-data', 'image/*', 'application/octet-stream'],
    // One role of the whole AWS account in this region; another API may use it when this one is gone.
    cloudWatchRole: true,
    cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
    deployOptions: {
      stageName: 'live',
      tracingEnabled: true,
      metricsEnabled: true,
      loggingLevel: MethodLoggingLevel.ERROR,
      // Bodies are what customers write: in no log.
      dataTraceEnabled: false,
      throttlingRateLimit: REQUESTS_PER_SECOND,
      throttlingBurstLimit: REQUESTS_BURST,
      accessLogDestination: new LogGroupLogDestination(accessLogs),
      accessLogFormat: AccessLogFormat.custom(
        JSON.stringify({
          requestId: AccessLogField.contextRequestId(),
          time: AccessLogField.contextRequestTime(),
          ip: AccessLogField.contextIdentitySourceIp(),
          method: AccessLogField.contextHttpMethod(),
          route: AccessLogField.contextResourcePath(),
          status: AccessLogField.contextStatus(),
          accountId: AccessLogField.contextAuthorizer('accountId'),
          keyId: AccessLogField.contextAuthorizer('keyId'),
          milliseconds: AccessLogField.contextResponseLatency(),
          integrationMilliseconds: AccessLogField.contextIntegrationLatency(),
          answeredBytes: AccessLogField.contextResponseLength(),
          error: AccessLogField.contextErrorMessage(),
        }),
      ),
    },
  });
  answerInEnvelope(api, stage);
  acknowledge(api, {
    'AwsSolutions-APIG2':
      'Each handler validates against the same contract as the documentation: a validator here would refuse in another shape, and PixVerse clients send members that a schema does not know.',
    'AwsSolutions-APIG3':
      'A web ACL costs more a month than the rest of an idle stage; who wants one associates it with the stage. Keys, plans and the stage throttle stand without it.',
    'AwsSolutions-COG4':
      'Callers are programs with API keys and people with tokens of two user pools: the REQUEST authorizer checks both, which a Cognito authorizer cannot.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'API Gateway takes one role for the whole AWS account and documents this policy for it.',
  });
  return api;
}
