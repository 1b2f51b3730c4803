import {
  AlreadyExistsException,
  CreateEmailIdentityCommand,
  GetEmailIdentityCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';

const client = new SESv2Client({});

/** Makes a domain known to SES unless it is already, whoever has done it. Answers the records by which its owner confirms it. */
export async function ensureMailDomain(domain: string): Promise<readonly string[]> {
  try {
    await client.send(new CreateEmailIdentityCommand({ EmailIdentity: domain }));
  } catch (error) {
    if (!(error instanceof AlreadyExistsException)) throw error;
  }
  const { DkimAttributes: dkim = {} } = await client.send(new GetEmailIdentityCommand({ EmailIdentity: domain }));
  // A domain that signs with keys of its own is confirmed by what its owner has published.
  if (dkim.SigningAttributesOrigin === 'EXTERNAL') return [];
  const zone = dkim.SigningHostedZone ?? 'dkim.amazonses.com';
  return (dkim.Tokens ?? []).map(token => `${token}._domainkey.${domain} CNAME ${token}.${zone}`);
}
