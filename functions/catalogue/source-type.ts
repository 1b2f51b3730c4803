/** What finished videos are, in IPTC's digital source types. Pure: one table by function, read by what writes files and by what describes them. */
import type { VideoFunction } from './video-request.ts';

/** How an engine makes pictures: by drawing them, or by a trained model. */
export type EngineSourceType = 'algorithmicMedia' | 'trainedAlgorithmicMedia';

/**
 * `made`: all of it by the engine. `composed`: from the caller's images, video or audio. `enhanced`: the caller's own video,
 * with nothing put in and nothing taken out.
 */
const GROUND: Readonly<Record<VideoFunction, 'made' | 'composed' | 'enhanced'>> = {
  text_to_video: 'made',
  image_to_video: 'composed',
  transition: 'composed',
  multi_transition: 'composed',
  fusion: 'composed',
  extend: 'composed',
  lip_sync: 'composed',
  sound_effect: 'composed',
  restyle: 'composed',
  mask_selection: 'enhanced',
  swap: 'composed',
  mimic: 'composed',
  modify: 'composed',
  upscale: 'enhanced',
  avatar: 'composed',
  image_template: 'composed',
};

const COMPOSED: Readonly<Record<EngineSourceType, string>> = {
  algorithmicMedia: 'compositeSynthetic',
  trainedAlgorithmicMedia: 'compositeWithTrainedAlgorithmicMedia',
};

/** The term's address in IPTC's vocabulary. */
export function digitalSourceTypeOf(wanted: VideoFunction, engine: EngineSourceType): string {
  const ground = GROUND[wanted];
  const term = ground === 'made' ? engine : ground === 'composed' ? COMPOSED[engine] : 'algorithmicallyEnhanced';
  return `http://cv.iptc.org/newscodes/digitalsourcetype/${term}`;
}
