import { attributeList } from '../attributes.ts';
import type { User } from '../users.ts';
import type { Output } from './operation.ts';

/** A user as lists show it. */
export function userOutput(user: User): Output & { Attributes: { Name: string; Value: string }[] } {
  return {
    Username: user.username,
    Attributes: attributeList(user),
    UserCreateDate: user.created / 1000,
    UserLastModifiedDate: user.modified / 1000,
    Enabled: user.enabled === 1,
    UserStatus: user.status,
  };
}

/** The second factor that the user has chosen, if any. */
export function mfaSettings({ totp_enabled, totp_secret }: User): Output {
  if (!totp_enabled || totp_secret === null) return {};
  return { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' };
}
