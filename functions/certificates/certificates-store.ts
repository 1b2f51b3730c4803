/**
 * Certificates in a bucket of their own: they are there for everybody who has their id, and outlive the accounts and the
 * videos of which they are, so that no purge of an account's prefix comes near them. What is written first under a name stays.
 */
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { CertificateStore } from './certificate-files.ts';

const s3 = new S3Client({});

const objectKey = (id: string, name: string): string => `certificates/${id}/${name}`;

export function certificateStore(bucket: string): CertificateStore {
  return {
    read: (id, name) => readText(bucket, id, name),
    async put(id, name, body, contentType) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: objectKey(id, name),
        Body: body,
        ContentType: contentType,
        IfNoneMatch: '*',
      });
      try {
        await s3.send(command);
        return true;
      } catch (error) {
        if (statusOf(error) === 412) return false;
        throw error;
      }
    },
  };
}

async function readText(bucket: string, id: string, name: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey(id, name) }));
    return await Body?.transformToString();
  } catch (error) {
    // S3 says 403 of what is not there to one who may not list.
    if (statusOf(error) === 404 || statusOf(error) === 403) return undefined;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** How long a link to a file of a certificate is good. */
export const LINK_SECONDS = 15 * 60;

export function fileLink(bucket: string, id: string, name: string): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: objectKey(id, name),
    ResponseContentDisposition: `inline; filename="${id}-${name}"`,
  });
  return getSignedUrl(s3, command, { expiresIn: LINK_SECONDS });
}
