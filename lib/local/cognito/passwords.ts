/** Passwords: the pool's policy, and scrypt with a salt of its own for each. */
import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordPolicy } from './pools.ts';
import { refusal } from './refusal.ts';

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;
const KEY_BYTES = 32;
const LONGEST = 256;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('base64')}:${(await derive(password, salt, KEY_BYTES)).toString('base64')}`;
}

/** Takes as long for a user without a password, or no user at all, as for any other. */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const [salt = '', expected = ''] = (hash ?? '').split(':');
  const key = await derive(password, Buffer.from(salt, 'base64'), KEY_BYTES);
  const wanted = Buffer.from(expected, 'base64');
  return wanted.length === key.length && timingSafeEqual(wanted, key);
}

/** Throws InvalidPasswordException with the first rule that the password breaks. */
export function checkPassword(password: string, policy: PasswordPolicy): void {
  const broken = policyRules(policy).find(([, holds]) => !holds(password));
  if (broken) throw refusal('InvalidPasswordException', `Password did not conform with policy: ${broken[0]}`);
}

function policyRules(policy: PasswordPolicy): [string, (password: string) => boolean][] {
  const rules: [boolean, string, (password: string) => boolean][] = [
    [true, 'Password not long enough', password => password.length >= policy.minimumLength],
    [true, 'Password too long', password => password.length <= LONGEST],
    [policy.lowercase, 'Password must have lowercase characters', password => /[a-z]/.test(password)],
    [policy.uppercase, 'Password must have uppercase characters', password => /[A-Z]/.test(password)],
    [policy.numbers, 'Password must have numeric characters', password => /\d/.test(password)],
    [
      policy.symbols,
      'Password must have symbol characters',
      password => /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/.test(password) || / /.test(password.trim()),
    ],
  ];
  return rules.filter(([wanted]) => wanted).map(([, words, holds]) => [words, holds]);
}

/** A random password that every policy takes. */
export function temporaryPassword({ minimumLength }: PasswordPolicy): string {
  const kinds = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#%+=?@'];
  const pick = (letters: string): string => letters[randomInt(letters.length)] ?? '';
  const length = Math.max(12, minimumLength);
  return Array.from({ length }, (_, index) => pick(kinds[index % kinds.length] ?? '')).join('');
}
