/** The keys with which certificates are signed, in KMS: nobody has the private ones, and whoever signs is in CloudTrail. */
import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { compactJws, jwkOf, type PublicJwk, signingInput, thumbprint } from './signature.ts';

const client = new KMSClient({});

export async function publicJwkOf(keyId: string): Promise<PublicJwk> {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (!PublicKey) throw new Error(`KMS has no public key of ${keyId}`);
  return jwkOf(PublicKey);
}

/** How to sign a payload with the key: as a compact JWS whose header has the key's thumbprint; of a certificate, where no other `type` is given. */
export function signedBy(keyId: string, type?: string): (payload: string) => Promise<string> {
  let kid: Promise<string> | undefined;
  return async payload => {
    kid ??= publicJwkOf(keyId).then(thumbprint);
    kid.catch(() => {
      kid = undefined;
    });
    const input = signingInput(payload, await kid, type);
    // As a digest: what KMS hashes itself may have 4096 bytes at most.
    const Message = createHash('sha256').update(input).digest();
    const { Signature } = await client.send(
      new SignCommand({ KeyId: keyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
    );
    if (!Signature) throw new Error(`KMS did not sign with ${keyId}`);
    return compactJws(input, Signature);
  };
}
