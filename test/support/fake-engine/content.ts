/** The bytes of a download, whole or wrong. */
import type { ServerResponse } from 'node:http';
import { WEBM, withCodec } from './clips.ts';
import type { Download } from './plan.ts';

const DRIP_MS = 5;

type Refuse = (response: ServerResponse, status: number, detail: string) => unknown;

export function sendContent(download: Download, clip: Buffer, response: ServerResponse, refuse: Refuse): unknown {
  const send = (bytes: Buffer, length = bytes.length): ServerResponse => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': length });
    response.write(bytes);
    return response;
  };
  switch (download) {
    case 'whole':
      send(clip).end();
      return;
    case 'short':
      send(clip.subarray(0, clip.length - 500), clip.length);
      // Later, or the cut overtakes the bytes.
      setTimeout(() => response.destroy(), DRIP_MS);
      return;
    case 'cut_mp4':
      send(clip.subarray(0, clip.length - 500)).end();
      return;
    case 'webm':
      send(WEBM).end();
      return;
    case 'odd_codec':
      send(withCodec(clip, 'dvh1')).end();
      return;
    case 'empty':
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 0 }).end();
      return;
    case 'drip':
      trickle(response, clip);
      return;
    case 'endless':
      pour(response);
      return;
    case 'not_ready':
      return refuse(response, 404, 'Generation is still in-progress');
    case 'cloud':
      return refuse(
        response,
        400,
        'Video has been uploaded to cloud storage. Please use the cloud URL: http://169.254.169.254/',
      );
    default:
      return refuse(response, download, 'the plan says so');
  }
}

function trickle(response: ServerResponse, clip: Buffer): void {
  response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': clip.length });
  let at = 0;
  const timer = setInterval(() => response.write(clip.subarray(at, ++at)), DRIP_MS);
  response.on('close', () => clearInterval(timer));
}

function pour(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'video/mp4' });
  const chunk = Buffer.alloc(64 * 1024);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}
