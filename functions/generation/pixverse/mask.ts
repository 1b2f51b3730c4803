/** Reads what is changed inside a film: finding masks, swapping within one, modifying in words. */
import type { z } from 'zod';
import { checkQuality, FUNCTIONS, qualityOf } from '../../catalogue/functions.ts';
import { keyframesOf } from '../masks.ts';
import type { maskSelection, modify, swap } from './mask-contract.ts';
import { type Facts, filmOf, plainPrice, plainRequest, type Reader, refuse, sound, sourceOf } from './reading.ts';

export const readMaskSelection: Reader<z.output<typeof maskSelection.input>> = {
  needs: body => ({ source: sourceOf(body) }),
  read(body, facts, drawnSeed) {
    const film = filmOf(body, facts);
    const keyframe = body.keyframe_id || 1;
    const last = keyframesOf(film.durationSeconds);
    if (keyframe > last) refuse('keyframe_id', `must be 1 to ${last} for this film`);
    const quality = qualityOf(film);
    return {
      request: plainRequest('mask_selection', {
        ...{ quality, durationSeconds: film.durationSeconds, selection: { keyframe, masks: [] } },
        ...{ source: sourceOf(body), seed: body.seed ?? drawnSeed },
      }),
      priced: plainPrice('mask_selection', quality, film.durationSeconds),
    };
  },
};

export const readSwap: Reader<z.output<typeof swap.input>> = {
  needs: body => ({ source: sourceOf(body), masks: { field: 'mask_id', ids: [body.mask_id] } }),
  read(body, facts, drawnSeed) {
    const film = filmOf(body, facts);
    const quality = sound(checkQuality('swap', body.quality));
    const keepOriginal = body.original_sound_switch ?? true;
    const selection = selectionOf(body, facts, { mask: 'mask_id', keyframe: 'keyframe_id' }, [
      body.keyframe_id || undefined,
    ]);
    return {
      request: plainRequest('swap', {
        ...{ quality, durationSeconds: film.durationSeconds, selection, images: [{ id: body.img_id }] },
        audio: film.hasAudio && keepOriginal,
        sound: { prompt: '', keepOriginal },
        ...{ source: sourceOf(body), seed: body.seed ?? drawnSeed },
      }),
      priced: plainPrice('swap', quality, film.durationSeconds),
    };
  },
};

const MOST_MASKS = 3;

export const readModify: Reader<z.output<typeof modify.input>> = {
  needs({ mask_ids: ids = [], ...body }) {
    // Each is a read: too many are refused before any.
    if (ids.length > MOST_MASKS) refuse('mask_ids', `must be ${MOST_MASKS} or fewer, and are ${ids.length}`);
    return { source: sourceOf(body), ...(ids.length > 0 && { masks: { field: 'mask_ids', ids } }) };
  },
  read(body, facts, drawnSeed) {
    const { prompt, img_ids: images = [], mask_ids: masks = [] } = body;
    const mostImages = FUNCTIONS.modify.images[1];
    if (body.mask_urls?.length)
      refuse('mask_urls', 'are not offered; use mask_ids of /openapi/v2/video/mask/selection');
    if (images.length > mostImages) refuse('img_ids', `must be ${mostImages} or fewer, and are ${images.length}`);
    checkMentions(prompt, 'img', images.length, 'img_ids');
    checkMentions(prompt, 'selection', masks.length, 'mask_ids');
    const film = filmOf(body, facts);
    const quality = sound(checkQuality('modify', body.quality));
    const frames = [body.keyframe_ids ?? []].flat().map(frame => frame || undefined);
    const fields = { mask: 'mask_ids', keyframe: 'keyframe_ids' };
    return {
      request: plainRequest('modify', {
        ...{ quality, prompt, durationSeconds: film.durationSeconds, audio: film.hasAudio },
        ...(images.length > 0 && { images: images.map(id => ({ id })) }),
        ...(masks.length > 0 && { selection: selectionOf(body, facts, fields, frames) }),
        ...{ source: sourceOf(body), seed: body.seed ?? drawnSeed },
      }),
      priced: plainPrice('modify', quality, film.durationSeconds),
    };
  },
};

/** In the prompt each reference is `@img0`, `@selection0` and so on: all that are there and none besides. */
function checkMentions(prompt: string, kind: 'img' | 'selection', count: number, field: string): void {
  const found = [...prompt.matchAll(new RegExp(`@${kind}(\\d+)`, 'g'))].map(([, digits]) => Number(digits));
  const beyond = found.find(index => index >= count);
  if (beyond !== undefined) refuse('prompt', `mentions @${kind}${beyond}, and ${field} has ${count}`);
  for (let index = 0; index < count; index++) {
    if (!found.includes(index)) refuse('prompt', `must mention @${kind}${index}, which ${field} has`);
  }
}

/** The masks, all found in one frame of this film. */
function selectionOf(
  body: Parameters<typeof sourceOf>[0],
  { masks: known = [] }: Facts,
  fields: { mask: string; keyframe: string },
  frames: readonly (number | undefined)[],
) {
  const source = sourceOf(body);
  const stranger = known.find(found => found.source.kind !== source.kind || found.source.id !== source.id);
  if (stranger) refuse(fields.mask, `${stranger.id} was found in another film`);
  const [keyframe = 1, ...others] = [...new Set(known.map(found => found.keyframe))];
  if (others.length > 0) refuse(fields.mask, 'must all be of one keyframe');
  const wrong = frames.find(frame => frame !== undefined && frame !== keyframe);
  if (wrong !== undefined) refuse(fields.keyframe, `${wrong} is not the frame of these masks, which is ${keyframe}`);
  return { keyframe, masks: known.map(({ maskId }) => maskId) };
}
