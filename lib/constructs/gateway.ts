import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiDefinition,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApiMode,
  SecurityPolicy,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { defineApi, type Operation } from './api-definition.ts';

/**
 * Requests a second for all accounts together, and at once: an AWS account in a newer region has 2,500 and 1,250 for
 * every API in it, and this one leaves a fifth to the others. An account's own limits are its usage plan's.
 */
const REQUESTS_PER_SECOND = 2_000;
const REQUESTS_BURST = 1_000;
/** The API's own stage, which is the beginning of every path at the address that AWS gives. */
const STAGE = 'live';

/**
 * The REST API with all its operations: a usage plan needs this kind, and reads its key from the authorizer's answer. A
 * change of the definition makes a new deployment, without which the stage would keep the old one.
 */
export function makeGateway(
  scope: Construct,
  stage: Stage,
  authorizer: IFunction,
  operations: readonly Operation[],
): SpecRestApi {
  const accessLogs = new LogGroup(scope, 'AccessLogs', { retention: stage.logRetention, removalPolicy: stage.removal });
  const about = { title: `mutoscope-${stage.name}`, description: 'Video generation in the PixVerse dialect' };
  const api = new SpecRestApi(scope, 'Gateway', {
    restApiName: about.title,
    apiDefinition: ApiDefinition.fromInline(
      defineApi(about, { baseUrl: ownUrl(stage), support: stage.support }, authorizer, operations),
    ),
    // What is no longer defined is gone: merged, it would stay.
    mode: RestApiMode.OVERWRITE,
    // Twice, for the API and for the import, which would otherwise decide on a type of its own.
    endpointTypes: [EndpointType.REGIONAL],
    parameters: { endpointConfigurationTypes: EndpointType.REGIONAL },
    // One role of the whole AWS account in this region; another API may use it when this one is gone.
    cloudWatchRole: true,
    cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
    deployOptions: {
      stageName: STAGE,
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
  permit(api, authorizer, 'authorizers/*');
  // One for a function on all its routes.
  for (const responding of new Set(operations.map(operation => operation.responding))) permit(api, responding, '*/*/*');
  if (stage.domainName) standAtDomain(api, stage);
  acknowledge(api, {
    'AwsSolutions-APIG2':
      'Each handler validates against the same contract as the documentation: a validator here would refuse in another shape, and PixVerse clients send members that a schema does not know.',
    'AwsSolutions-APIG3':
      'A web ACL costs more a month than the rest of an idle stage; who wants one associates it with the stage. Keys, plans and the stage throttle stand without it.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'API Gateway takes one role for the whole AWS account and documents this policy for it.',
  });
  return api;
}

/** The same for the API's own definition, which cannot name the id that it is given. */
function ownUrl({ domainName }: Stage): string {
  return domainName ? `https://${domainName}` : 'https://$context.domainName/$context.stage';
}

/** Where callers find the API. Not `api.url`, which would make what names it wait for the stage. */
export function baseUrlOf(api: SpecRestApi, { domainName }: Stage): string {
  const { region, urlSuffix } = Stack.of(api);
  return domainName ? `https://${domainName}` : `https://${api.restApiId}.execute-api.${region}.${urlSuffix}/${STAGE}`;
}

function permit(api: SpecRestApi, called: IFunction, source: string): void {
  called.addPermission('Api', {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: Stack.of(api).formatArn({ service: 'execute-api', resource: api.restApiId, resourceName: source }),
  });
}

/** The API at the stage's own domain, whose owner points it at the address among the outputs (CNAME, or an alias in Route 53). */
function standAtDomain(api: SpecRestApi, { domainName, certificateArn }: Stage): void {
  const domain = api.addDomainName('Domain', {
    domainName,
    certificate: Certificate.fromCertificateArn(api, 'Certificate', certificateArn),
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  const stack = Stack.of(api);
  new CfnOutput(stack, 'DomainTarget', {
    description: `What ${domainName} must be an alias of`,
    value: domain.domainNameAliasDomainName,
  });
  new CfnOutput(stack, 'DomainTargetZone', {
    description: 'The hosted zone of DomainTarget, for an alias in Route 53',
    value: domain.domainNameAliasHostedZoneId,
  });
}
