/** The one way into the preview engine: the media process loads this module and asks it for the frames of a source. Same source and format, same frames. */
import { SAMPLE_RATE } from '../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../media/frame-source.ts';
import { plainVideo } from '../media/plain-video.ts';
import type { VideoReader, VideoSize } from '../media/video-reader.ts';
import { boxBlur, lumaOf } from './drawing/planes.ts';
import { modifyVideo } from './edit/modify.ts';
import { extendVideo } from './extend/extend.ts';
import { fusionScene } from './fusion/fusion.ts';
import { imageScene } from './image/image-scene.ts';
import { mimicVideo } from './mimic/mimic.ts';
import { restyleVideo } from './restyle/restyle.ts';
import { textScene } from './scenes/text-scene.ts';
import { cutIntoShots } from './shots.ts';
import { effectsOver, videoWithSound } from './sound/video-sound.ts';
import type { PreviewSource } from './source.ts';
import { speakOver } from './speech/speak-over.ts';
import { avatar, lipSync } from './speech/speaking-video.ts';
import { selectMasks } from './subject/masked-video.ts';
import { swapInVideo } from './subject/swap.ts';
import { playTemplate } from './templates/templates.ts';
import { transitionScene } from './transition/transition.ts';

/** Throws MediaError `bad_image`, `bad_media` or `bad_mask` where the caller's input cannot be used. */
export async function render(source: PreviewSource, output: RenderOutput): Promise<FrameSource> {
  const { format } = output;
  switch (source.kind) {
    case 'text':
      return textScene(source, format);
    case 'image':
      return imageScene(source, format);
    case 'transition':
      return transitionScene(source, format);
    case 'shots':
      return cutIntoShots(source, format, (clip, shot) => render(clip, { ...output, format: shot }));
    case 'fusion':
      return fusionScene(source, format);
    case 'template':
      return playTemplate(source, format);
    case 'lip_sync':
      return lipSync(source, output);
    case 'avatar':
      return avatar(source, output);
    case 'spoken_over':
      return speakOver(await render(source.clip, output), source, output);
    case 'effects_over':
      return effectsOver(source, await render(source.clip, output));
    case 'upscale': {
      const video = await output.openVideo(source.videoPath, format);
      return plainVideo('upscaled video', sharpened(video, format), await video.sound(SAMPLE_RATE));
    }
    case 'sound_effect':
      return videoWithSound(source, await output.openVideo(source.videoPath, format));
    case 'restyle':
      return restyleVideo(source, output);
    case 'extend':
      return extendVideo(source, await output.openVideo(source.videoPath, format), format);
    case 'mask_selection':
      return selectMasks(source, output);
    case 'swap':
      return swapInVideo(source, output);
    case 'modify':
      return modifyVideo(source, output);
    case 'mimic':
      return mimicVideo(source, output);
  }
}

// A little of what scaling up took from edges, given back: brightness is raised where it differs from its surroundings.

/** Light on purpose: more makes rings around edges and wakes coding noise. */
const AMOUNT = 0.5;
/** Differences up to this many levels are taken for noise. */
const NOISE = 1.5;

/** `video` (opened at `size`) with every frame sharpened, as wide as scaling has blurred it. */
export function sharpened(video: VideoReader, size: VideoSize): Pick<VideoReader, 'readFrame'> {
  const luma = new Float32Array(size.width * size.height);
  const around = luma.slice();
  const scratch = luma.slice();
  const scale = Math.max(size.width / video.width, size.height / video.height);
  const reach = Math.max(1, Math.round(scale));
  return {
    async readFrame(index) {
      const pixels = await video.readFrame(index);
      boxBlur(lumaOf(pixels, luma), size, reach, around, scratch);
      for (let at = 0, to = 0; at < luma.length; at++, to += 4) {
        const differs = (luma[at] as number) - (around[at] as number);
        if (differs > -NOISE && differs < NOISE) continue;
        const more = AMOUNT * (differs > 0 ? differs - NOISE : differs + NOISE);
        pixels[to] = (pixels[to] as number) + more;
        pixels[to + 1] = (pixels[to + 1] as number) + more;
        pixels[to + 2] = (pixels[to + 2] as number) + more;
      }
      return pixels;
    },
  };
}
