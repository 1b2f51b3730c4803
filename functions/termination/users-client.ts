/** Users of the developers' pool, as they are removed for good. */
import {
  AdminDeleteUserCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';

const client = new CognitoIdentityProviderClient({});

/** Removes who signs in as a subject; does nothing where there is nobody. */
export function userDeleter(UserPoolId: string): (subject: string) => Promise<void> {
  return async subject => {
    if (await deleted(UserPoolId, subject)) return;
    // Whoever signs in by another provider has another name in the pool than the subject.
    const { Users = [] } = await client.send(
      new ListUsersCommand({ UserPoolId, Filter: `sub = "${subject.replace(/[^\w-]/g, '')}"`, Limit: 1 }),
    );
    for (const { Username = '' } of Users) await deleted(UserPoolId, Username);
  };
}

/** False where there is no user of this name. */
async function deleted(UserPoolId: string, Username: string): Promise<boolean> {
  try {
    await client.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
    return true;
  } catch (error) {
    if (error instanceof UserNotFoundException) return false;
    throw error;
  }
}
