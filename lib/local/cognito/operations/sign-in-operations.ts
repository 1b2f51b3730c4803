import { z } from 'zod';
import type { Client } from '../pools.ts';
import { refusal } from '../refusal.ts';
import { enterCode, enterNewPassword, enterPassword, finishSetup, type Step } from '../sign-in.ts';
import { confirmForgotPassword, confirmSignUp, forgotPassword, resendCode, signUp } from '../sign-up.ts';
import type { Cognito } from '../state.ts';
import type { IssuedTokens } from '../tokens.ts';
import { attributeListInput, type CognitoOperations, checkSecretHash, type Output, ofPool, open } from './operation.ts';

const PARAMETERS = z.record(z.string(), z.string()).default({});
const INITIATE = { ClientId: z.string(), AuthFlow: z.string(), AuthParameters: PARAMETERS };
const RESPOND = {
  ClientId: z.string(),
  ChallengeName: z.string(),
  ChallengeResponses: PARAMETERS,
  Session: z.string(),
};

export const SIGN_IN_OPERATIONS: CognitoOperations = {
  InitiateAuth: open(INITIATE, (cognito, input) => {
    const flows = ['USER_PASSWORD_AUTH', ...REFRESH];
    return initiate(cognito, cognito.pools.client(input.ClientId), input, flows);
  }),
  AdminInitiateAuth: ofPool(INITIATE, (cognito, pool, input) => {
    const flows = ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH', ...REFRESH];
    return initiate(cognito, cognito.pools.client(input.ClientId, pool.id), input, flows);
  }),
  RespondToAuthChallenge: open(RESPOND, (cognito, input) =>
    respond(cognito, cognito.pools.client(input.ClientId), input),
  ),
  AdminRespondToAuthChallenge: ofPool(RESPOND, (cognito, pool, input) =>
    respond(cognito, cognito.pools.client(input.ClientId, pool.id), input),
  ),
  RevokeToken: open(
    { ClientId: z.string(), ClientSecret: z.string().optional(), Token: z.string() },
    (cognito, input) => {
      const client = cognito.pools.client(input.ClientId);
      if (client.secret !== input.ClientSecret) throw refusal('NotAuthorizedException', 'Invalid client secret');
      cognito.tokens.revoke(client, input.Token);
      return {};
    },
  ),
};

const REFRESH = ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'];

async function initiate(
  cognito: Cognito,
  client: Client,
  { AuthFlow, AuthParameters }: { AuthFlow: string; AuthParameters: Readonly<Record<string, string>> },
  flows: readonly string[],
): Promise<Output> {
  if (!flows.includes(AuthFlow)) {
    throw refusal('InvalidParameterException', `AuthFlow ${AuthFlow} is not supported here; ${flows.join(', ')} are.`);
  }
  const flow = AuthFlow === 'REFRESH_TOKEN' ? 'REFRESH_TOKEN_AUTH' : AuthFlow.replace('NO_SRP', 'USER_PASSWORD');
  if (!client.authFlows.includes(flow)) {
    throw refusal('InvalidParameterException', `${flow} flow not enabled for this client`);
  }
  if (flow === 'REFRESH_TOKEN_AUTH') {
    const tokens = cognito.tokens.refresh(client, parameter(AuthParameters, 'REFRESH_TOKEN'));
    checkSecretHash(client, tokens.user.username, AuthParameters.SECRET_HASH);
    return { AuthenticationResult: resultOf(tokens), ChallengeParameters: {} };
  }
  const username = parameter(AuthParameters, 'USERNAME');
  checkSecretHash(client, username, AuthParameters.SECRET_HASH);
  return responseOf(
    cognito,
    client,
    await enterPassword(cognito, client, username, parameter(AuthParameters, 'PASSWORD')),
  );
}

async function respond(
  cognito: Cognito,
  client: Client,
  input: { ChallengeName: string; Session: string; ChallengeResponses: Readonly<Record<string, string>> },
): Promise<Output> {
  const { ChallengeName, ChallengeResponses: given, Session } = input;
  checkSecretHash(client, parameter(given, 'USERNAME'), given.SECRET_HASH);
  const answers: Readonly<Record<string, () => Step | Promise<Step>>> = {
    SOFTWARE_TOKEN_MFA: () => enterCode(cognito, client, Session, parameter(given, 'SOFTWARE_TOKEN_MFA_CODE')),
    MFA_SETUP: () => finishSetup(cognito, client, Session),
    NEW_PASSWORD_REQUIRED: () => enterNewPassword(cognito, client, Session, parameter(given, 'NEW_PASSWORD')),
  };
  const answer = answers[ChallengeName];
  if (!answer) {
    const known = Object.keys(answers).join(', ');
    throw refusal('InvalidParameterException', `ChallengeName ${ChallengeName} is not supported here; ${known} are.`);
  }
  return responseOf(cognito, client, await answer());
}

function responseOf(cognito: Cognito, client: Client, step: Step): Output {
  if (step.kind === 'signed-in') {
    const { refreshToken, ...tokens } = cognito.tokens.issue(client, step.user);
    return { AuthenticationResult: { ...resultOf(tokens), RefreshToken: refreshToken }, ChallengeParameters: {} };
  }
  const { username, sub, attributes } = step.user;
  const parameters = {
    SOFTWARE_TOKEN_MFA: { USER_ID_FOR_SRP: username },
    MFA_SETUP: { USER_ID_FOR_SRP: username, MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
    NEW_PASSWORD_REQUIRED: {
      USER_ID_FOR_SRP: username,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify({ ...attributes, sub }),
    },
  };
  return { ChallengeName: step.name, Session: step.session, ChallengeParameters: parameters[step.name] };
}

function resultOf(tokens: IssuedTokens): Output {
  return {
    AccessToken: tokens.accessToken,
    IdToken: tokens.idToken,
    ExpiresIn: tokens.expiresIn,
    TokenType: 'Bearer',
  };
}

function parameter(given: Readonly<Record<string, string>>, name: string): string {
  const value = given[name];
  if (!value) throw refusal('InvalidParameterException', `Missing required parameter ${name}`);
  return value;
}

const CLIENT = { ClientId: z.string(), SecretHash: z.string().optional() };
const NAMED = { ...CLIENT, Username: z.string().min(1).max(128) };

export const SIGN_UP_OPERATIONS: CognitoOperations = {
  SignUp: open(
    {
      ...NAMED,
      Password: z.string(),
      UserAttributes: attributeListInput.default([]),
      ValidationData: z.unknown().optional(),
    },
    async (cognito, input) => {
      const client = cognito.pools.client(input.ClientId);
      checkSecretHash(client, input.Username, input.SecretHash);
      const request = { username: input.Username, password: input.Password, attributes: input.UserAttributes };
      const { user, delivery } = await signUp(cognito, client, request);
      const sent = delivery ? { CodeDeliveryDetails: delivery } : {};
      return { UserConfirmed: false, UserSub: user.sub, ...sent };
    },
  ),

  ConfirmSignUp: open(
    { ...NAMED, ConfirmationCode: z.string(), ForceAliasCreation: z.literal(false).optional() },
    (cognito, input) => {
      const client = cognito.pools.client(input.ClientId);
      checkSecretHash(client, input.Username, input.SecretHash);
      confirmSignUp(cognito, client, input.Username, input.ConfirmationCode);
      return {};
    },
  ),

  ResendConfirmationCode: open(NAMED, async (cognito, input) => {
    const client = cognito.pools.client(input.ClientId);
    checkSecretHash(client, input.Username, input.SecretHash);
    return { CodeDeliveryDetails: await resendCode(cognito, client, input.Username) };
  }),

  ForgotPassword: open(NAMED, async (cognito, input) => {
    const client = cognito.pools.client(input.ClientId);
    checkSecretHash(client, input.Username, input.SecretHash);
    return { CodeDeliveryDetails: await forgotPassword(cognito, client, input.Username) };
  }),

  ConfirmForgotPassword: open(
    { ...NAMED, ConfirmationCode: z.string(), Password: z.string() },
    async (cognito, input) => {
      const client = cognito.pools.client(input.ClientId);
      checkSecretHash(client, input.Username, input.SecretHash);
      const { Username: username, ConfirmationCode: code, Password: password } = input;
      await confirmForgotPassword(cognito, client, { username, code, password });
      return {};
    },
  ),
};
