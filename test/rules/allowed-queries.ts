/** Every combination that the capability matrix allows, for the tests that walk it. */

import { CAMERA_MOVEMENTS, type CapabilityQuery, MODELS } from '../../functions/catalogue/models.ts';
import { QUALITIES, type Quality } from '../../functions/catalogue/video-request.ts';

export type AllowedQuery = CapabilityQuery & { readonly quality: Quality; readonly motion: 'normal' | 'fast' };

const PLAIN = { audio: false, soundEffect: false, motion: 'normal', camera: '', style: '' } as const;

/** Model, quality, duration and aspect ratio (or none) of every row, with nothing switched on. */
export function allowedQueries(): AllowedQuery[] {
  return MODELS.flatMap(({ name, durations, aspectRatios }) =>
    QUALITIES.flatMap(quality =>
      durations[quality].flatMap(duration =>
        [...aspectRatios, undefined].map(aspectRatio => ({ model: name, quality, duration, aspectRatio, ...PLAIN })),
      ),
    ),
  );
}

/** The combination itself, and with each switch that its row offers. */
export function withExtras(query: AllowedQuery): AllowedQuery[] {
  const row = MODELS.find(({ name }) => name === query.model);
  if (!row) throw new Error(`no row ${query.model}`);
  const fast = row.fastMotion && query.duration === 5 && query.quality !== '1080p';
  return [
    query,
    ...(row.audio ? [{ ...query, audio: true }] : []),
    ...(row.soundEffect ? [{ ...query, soundEffect: true }] : []),
    ...(fast ? [{ ...query, motion: 'fast' as const }] : []),
    ...(row.camera ? CAMERA_MOVEMENTS.map(camera => ({ ...query, camera })) : []),
    ...row.styles.map(style => ({ ...query, style })),
  ];
}
