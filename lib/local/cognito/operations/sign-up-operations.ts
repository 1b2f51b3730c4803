import { z } from 'zod';
import { confirmForgotPassword, forgotPassword } from '../forgot-password.ts';
import { confirmSignUp, resendCode, signUp } from '../sign-up.ts';
import { attributeListInput, type CognitoOperations, checkSecretHash, open } from './operation.ts';

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
      const asked = { username: input.Username, password: input.Password, attributes: input.UserAttributes };
      const { user, delivery } = await signUp(cognito, client, asked);
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
