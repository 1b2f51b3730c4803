import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Refusal } from '../catalogue/refusal.ts';
import { baseUrlOf } from '../http/base-url.ts';
import { openHandler } from '../http/open-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { certificateForm, certificateId, sealedForm } from './certificate.ts';
import { PDF_NAME, partName, SEALED_NAME } from './certificate-files.ts';
import { certificateStore, fileLink } from './certificates-store.ts';
import { readCertificatePdf, readKeySet } from './contract.ts';
import { payloadOf } from './signature.ts';

const BUCKET = setting('CERTIFICATES_BUCKET');
const store = certificateStore(BUCKET);

/** Called by anybody: who knows the id of a certificate may read it, and it names nobody. */
export const handler = openHandler(async event => {
  const id = event.pathParameters?.id ?? '';
  const text = certificateId.safeParse(id).success ? await store.read(id, SEALED_NAME) : undefined;
  if (text === undefined) {
    throw new Refusal(
      'not_found',
      `there is no certificate ${id}; one of a deletion that has just ended comes soon`,
      'id',
    );
  }
  return event.resource === readCertificatePdf.path ? toPdf(id) : certificateAnswer(event, id, text);
});

async function toPdf(id: string): Promise<APIGatewayProxyResult> {
  return { statusCode: 302, headers: { location: await fileLink(BUCKET, id, PDF_NAME) }, body: '' };
}

async function certificateAnswer(
  event: APIGatewayProxyEvent,
  id: string,
  text: string,
): Promise<APIGatewayProxyResult> {
  const sealed = sealedForm.parse(JSON.parse(text));
  const certificate = certificateForm.parse(payloadOf(sealed.jws));
  const manifest = await Promise.all(
    certificate.manifest.parts.map(async ({ sha256 }) => ({
      sha256,
      url: await fileLink(BUCKET, id, partName(sha256)),
    })),
  );
  const body = {
    id,
    object: 'certificate',
    ...sealed,
    certificate,
    manifest,
    pdf: { url: await fileLink(BUCKET, id, PDF_NAME) },
    key_set_url: `${baseUrlOf(event)}${readKeySet.path}`,
  };
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}
