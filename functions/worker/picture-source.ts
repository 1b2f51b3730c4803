/** What a request that is made of several pictures, or of a template, asks of the studio. Pure. */

import { findTemplate } from '../catalogue/templates.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Inputs, PictureInput } from './inputs.ts';
import { type PictureSource, StudioError } from './studio/job.ts';

/** Undefined for every other function. Throws StudioError `bad_image` where pictures are missing. */
export function pictureSource(
  request: VideoRequest,
  { pictures }: Pick<Inputs, 'pictures'>,
): PictureSource | undefined {
  const { function: wanted, prompt, seed, motion, cameraMovement, durationSeconds, templateId } = request;
  const moved = { seed, motion };
  switch (wanted) {
    case 'transition': {
      const imagePaths = pathsOf(pictures, 2);
      return { kind: 'transition', imagePaths, legs: [{ seconds: durationSeconds, prompt }], ...moved };
    }
    case 'multi_transition': {
      const legs = pictures.slice(0, -1).map(picture => ({
        seconds: picture.durationSeconds ?? durationSeconds / (pictures.length - 1),
        prompt: picture.prompt ?? '',
      }));
      return { kind: 'transition', imagePaths: pathsOf(pictures, 2), legs, ...moved };
    }
    case 'fusion':
      pathsOf(pictures, 1);
      return {
        kind: 'fusion',
        references: pictures.map(({ path, name, role }, index) => ({
          imagePath: path,
          name: name ?? `image${index + 1}`,
          role: role ?? 'subject',
        })),
        prompt,
        ...moved,
        ...(cameraMovement !== '' && { cameraMovement }),
      };
    case 'image_to_video':
    case 'image_template': {
      if (templateId === undefined) return undefined;
      const template = findTemplate(templateId);
      if (!template) throw new Error(`template ${templateId} was admitted and is not in the table`);
      return {
        kind: 'template',
        effect: template.effect,
        imagePaths: pathsOf(pictures, template.images),
        prompt,
        seed,
      };
    }
    default:
      return undefined;
  }
}

function pathsOf(pictures: readonly PictureInput[], least: number): string[] {
  if (pictures.length < least)
    throw new StudioError('bad_image', `${pictures.length} pictures where ${least} are needed`);
  return pictures.map(({ path }) => path);
}
