/** The one error of the media pipeline. The code is stable, the message is for logs. */
export type MediaErrorCode =
  | 'bad_image'
  | 'bad_media'
  | 'bad_mask'
  | 'timeout'
  | 'crashed'
  | 'out_of_memory'
  | 'aborted';

export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function badMedia(why: string): MediaError {
  return new MediaError('bad_media', `the media file cannot be used: ${why}`);
}
