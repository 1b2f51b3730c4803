/** The sources of the functions that look into a film: what moves in it, and what can be chosen. Pure. */
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Inputs } from './inputs.ts';
import { type StudiedSource, StudioError } from './studio/job.ts';

/** Undefined for every other function. Throws StudioError `bad_media`, `bad_image` or `bad_mask` where an input is missing. */
export function studiedSource(request: VideoRequest, inputs: Inputs): StudiedSource | undefined {
  const { prompt, seed, selection, sound } = request;
  const masks = selection?.masks ?? [];
  switch (request.function) {
    case 'mask_selection':
      return { kind: 'mask_selection', filmPath: filmOf(inputs), keyframe: selection?.keyframe ?? 1 };
    case 'swap':
      return {
        kind: 'swap',
        filmPath: filmOf(inputs),
        imagePath: pictureOf(inputs),
        maskId: present(masks[0], 'bad_mask', 'a mask'),
        keepOriginal: sound?.keepOriginal ?? true,
      };
    case 'modify':
      return {
        kind: 'modify',
        filmPath: filmOf(inputs),
        prompt,
        seed,
        maskIds: masks,
        imagePaths: inputs.pictures.map(({ path }) => path),
      };
    case 'mimic':
      return { kind: 'mimic', filmPath: filmOf(inputs), imagePath: pictureOf(inputs) };
    default:
      return undefined;
  }
}

const filmOf = ({ film }: Inputs): string => present(film?.path, 'bad_media', 'a film');
const pictureOf = ({ pictures: [picture] }: Inputs): string => present(picture?.path, 'bad_image', 'a picture');

function present<T>(value: T | undefined, code: StudioError['code'], what: string): T {
  if (value === undefined) throw new StudioError(code, `the request refers to ${what} that is not there`);
  return value;
}
