/** A request's body, as FastAPI would read it: a form with files, or JSON. */
import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import type { Call } from './plan.ts';

export async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const { method = '', url = '', headers } = request;
  const type = headers['content-type'] ?? '';
  const parsed = type.startsWith('multipart/form-data')
    ? await readForm(type, raw)
    : {
        members: type.startsWith('application/json') ? (JSON.parse(raw.toString()) as Call['members']) : {},
        files: [],
      };
  return { method, path: url, headers, raw, ...parsed };
}

function readForm(type: string, raw: Buffer): Promise<Pick<Call, 'members' | 'files'>> {
  return new Promise((done, fail) => {
    const members: Record<string, unknown> = {};
    const files: Call['files'][number][] = [];
    const form = busboy({ headers: { 'content-type': type } });
    form.on('field', (name, value) => {
      members[name] = value;
    });
    form.on('file', (field, stream, { filename: name = '', mimeType: type }) => {
      const bytes: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => bytes.push(chunk));
      stream.on('end', () => files.push({ field, name, type, bytes: Buffer.concat(bytes) }));
    });
    form.on('error', fail);
    form.on('close', () => done({ members, files }));
    form.end(raw);
  });
}
