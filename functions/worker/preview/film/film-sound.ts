/** A film with new sound under the same picture. */

import type { FrameSource } from '../../media/frame-source.ts';
import { fittedStereo, plainVideo } from '../../media/plain-video.ts';
import type { VideoReader } from '../../media/video-reader.ts';
import { Random } from '../random.ts';
import { askedVoices } from '../sound/asked-sound.ts';
import { mixTracks, playScore } from '../sound/score-tape.ts';
import type { EffectsOverSource, SoundEffectSource } from '../source.ts';
import { readMood, suggestedVoices } from './film-mood.ts';

const FADE_SECONDS = 0.15;
/** The film's own sound stays in front of what is laid under it. */
const OWN_LEVEL = 0.9;
const UNDER_LEVEL = 0.6;

/** `film` must have been opened at the size of the frames that are painted. */
export function filmWithSound(source: SoundEffectSource, film: VideoReader): FrameSource {
  return {
    ...plainVideo('film with sound', film, undefined),
    async sound(rate, samples) {
      const mood = await readMood(source.videoPath);
      const asked = askedVoices(source.prompt);
      const levels = Object.keys(asked).length > 0 ? asked : suggestedVoices(mood);
      // Words that name no voice still choose among the ways in which the same voices can sound.
      const random = new Random(source.seed, `sound effect ${source.prompt}`);
      const made = playScore(levels, random, { rate, samples, fade: FADE_SECONDS }, mood.loudness);
      const own = source.keepOriginal ? await film.sound(rate) : undefined;
      return own === undefined ? made : mixTracks(fittedStereo(own, samples), OWN_LEVEL, made, UNDER_LEVEL);
    },
  };
}

/** `clip` with the sounds that the words name in front of its own; where they name none, it sounds as it did. */
export function effectsOver({ prompt, seed }: EffectsOverSource, clip: FrameSource): FrameSource {
  const asked = askedVoices(prompt);
  if (Object.keys(asked).length === 0) return clip;
  return {
    scene: clip.scene,
    paint: (index, frame) => clip.paint(index, frame),
    async sound(rate, samples) {
      const made = playScore(asked, new Random(seed, `effects ${prompt}`), { rate, samples, fade: FADE_SECONDS });
      const own = await clip.sound?.(rate, samples);
      return own === undefined ? made : mixTracks(made, OWN_LEVEL, own, UNDER_LEVEL);
    },
  };
}
