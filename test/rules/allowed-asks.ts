/** Every combination that the capability matrix allows, for the tests that walk it. */

import { type Ask, CAMERA_MOVEMENTS, MODELS } from '../../functions/catalogue/models.ts';
import { QUALITIES, type Quality } from '../../functions/catalogue/video-request.ts';

export type AllowedAsk = Ask & { readonly quality: Quality; readonly motion: 'normal' | 'fast' };

const PLAIN = { audio: false, soundEffect: false, motion: 'normal', camera: '', style: '' } as const;

/** Model, quality, duration and aspect ratio (or none) of every row, with nothing switched on. */
export function allowedAsks(): AllowedAsk[] {
  return MODELS.flatMap(({ name, durations, aspectRatios }) =>
    QUALITIES.flatMap(quality =>
      durations[quality].flatMap(duration =>
        [...aspectRatios, undefined].map(aspectRatio => ({ model: name, quality, duration, aspectRatio, ...PLAIN })),
      ),
    ),
  );
}

/** The combination itself, and with each switch that its row offers. */
export function withExtras(ask: AllowedAsk): AllowedAsk[] {
  const row = MODELS.find(({ name }) => name === ask.model);
  if (!row) throw new Error(`no row ${ask.model}`);
  const fast = row.fastMotion && ask.duration === 5 && ask.quality !== '1080p';
  return [
    ask,
    ...(row.audio ? [{ ...ask, audio: true }] : []),
    ...(row.soundEffect ? [{ ...ask, soundEffect: true }] : []),
    ...(fast ? [{ ...ask, motion: 'fast' as const }] : []),
    ...(row.camera ? CAMERA_MOVEMENTS.map(camera => ({ ...ask, camera })) : []),
    ...row.styles.map(style => ({ ...ask, style })),
  ];
}
