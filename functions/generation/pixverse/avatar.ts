/** Reads a picture that speaks, and a picture by a template. */
import type { z } from 'zod';
import { checkQuality, LONGEST_SOURCE_SECONDS, SOURCE_GRACE_SECONDS } from '../../catalogue/functions.ts';
import { speechSeconds } from '../../catalogue/speech-length.ts';
import { templateOf } from './clip.ts';
import type { avatar, imageTemplate } from './create-contract.ts';
import { plainPrice, plainRequest, type Reader, refuse, sound } from './reading.ts';
import { voiceNeeds, voiceOf } from './voices.ts';

export const readAvatar: Reader<z.output<typeof avatar.input>> = {
  needs: voiceNeeds,
  read(body, facts, drawnSeed) {
    const quality = sound(checkQuality('avatar', body.quality));
    const voice = voiceOf(body, facts);
    const seconds = voice.kind === 'speaker' ? speechSeconds(voice.text) : (facts.recordingSeconds ?? 0);
    if (seconds > LONGEST_SOURCE_SECONDS + SOURCE_GRACE_SECONDS) {
      refuse('audio_media_id', `is ${seconds.toFixed(1)} seconds long: at most ${LONGEST_SOURCE_SECONDS} are taken`);
    }
    return {
      request: plainRequest('avatar', {
        ...{ quality, durationSeconds: seconds, audio: true, voice, images: [{ id: body.img_id }] },
        ...{ prompt: body.prompt ?? '', seed: body.seed ?? drawnSeed },
      }),
      priced: plainPrice('avatar', quality, seconds),
    };
  },
};

/** A picture has no seconds and the best quality there is. */
export const readImageTemplate: Reader<z.output<typeof imageTemplate.input>> = {
  read({ template_id, img_ids, seed }, _facts, drawnSeed) {
    const template = templateOf(template_id, 'image');
    if (img_ids.length !== template.images) {
      refuse('img_ids', `must be ${template.images} for template ${template_id}, and are ${img_ids.length}`);
    }
    const quality = '1080p';
    return {
      request: plainRequest('image_template', {
        ...{ quality, durationSeconds: 1, images: img_ids.map(id => ({ id })), templateId: template_id },
        seed: seed ?? drawnSeed,
      }),
      priced: plainPrice('image_template', quality, 1),
    };
  },
};
