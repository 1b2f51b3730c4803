/** JSON Web Tokens signed with RS256, as Cognito's are. */
import { sign, verify } from 'node:crypto';
import type { SigningKey } from './signing-keys.ts';

export type Claims = Readonly<Record<string, unknown>>;

export function signJwt(claims: Claims, { kid, privateKey }: SigningKey): string {
  const signed = `${encode({ kid, alg: 'RS256' })}.${encode(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** The claims of a token that this key signed, whatever they say; undefined of any other text. */
export function verifiedClaims(token: string, { publicKey }: SigningKey): Claims | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0) return undefined;
  const data = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', data, publicKey, Buffer.from(signature, 'base64url'))) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
}

/** What a token says of itself, to find the key that it should be verified with. */
export function unverifiedClaims(token: string): Claims {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : {};
  } catch {
    return {};
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
