import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SIGN_INS } from '../functions/reference/contract.ts';
import { makeDeveloperPool, makeStaffPool, type Pool } from './constructs/user-pools.ts';
import type { Stage } from './stage.ts';

/** Who signs in: customers in one user pool, the organisation's own people in another, where a second factor is a must. */
export class IdentityStack extends Stack {
  readonly developers: Pool;
  readonly staff: Pool;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage }) {
    super(scope, id, { description: 'Mutoscope: who signs in', ...props });
    const [callback = ''] = props.stage.signInCallbacks;
    new CfnOutput(this, 'SignInCallback', { value: callback });
    this.developers = makeDeveloperPool(this, props.stage);
    this.staff = makeStaffPool(this, props.stage);
    for (const [name, { pool, client, signInUrl }] of Object.entries({
      Developers: this.developers,
      Staff: this.staff,
    })) {
      new CfnOutput(this, `${name}PoolId`, { value: pool.userPoolId });
      new CfnOutput(this, `${name}ClientId`, { value: client.userPoolClientId });
      new CfnOutput(this, `${name}Issuer`, { value: pool.userPoolProviderUrl });
      new CfnOutput(this, `${name}SignIn`, { value: signInUrl });
    }
    new CfnOutput(this, 'AddOperator', {
      description:
        'Adds an operator: with EMAIL=<address> before it. Cognito mails a first password, good for three days.',
      value: [
        `aws cognito-idp admin-create-user --region ${this.region} --user-pool-id ${this.staff.pool.userPoolId}`,
        ' --username "$EMAIL" --user-attributes "Name=email,Value=$EMAIL" Name=email_verified,Value=true',
        ' --desired-delivery-mediums EMAIL &&',
        ` aws cognito-idp admin-add-user-to-group --region ${this.region} --user-pool-id ${this.staff.pool.userPoolId}`,
        ' --username "$EMAIL" --group-name operator',
      ].join(''),
    });
  }

  /** What the authorizer must know to verify a token. */
  get issuers(): string {
    return this.toJsonString([issuerOf(this.developers, false), issuerOf(this.staff, true)]);
  }

  /** What the page must know to sign in at either pool: nothing of it is secret. */
  get signIns(): string {
    return this.toJsonString([signInOf('developers', this.developers), signInOf('staff', this.staff)]);
  }
}

function signInOf(name: (typeof SIGN_INS)[number], { pool, client, domainUrl }: Pool) {
  return { name, url: domainUrl, issuer: pool.userPoolProviderUrl, clientId: client.userPoolClientId };
}

function issuerOf({ pool, client }: Pool, staff: boolean) {
  return { url: pool.userPoolProviderUrl, clientId: client.userPoolClientId, staff };
}
