/**
 * The one way into the preview engine: the media process loads this module and asks it for the frames of a source. Same source and format,
 * same frames. What paints one kind of source is loaded for that kind alone: a process makes one clip.
 */
import { SAMPLE_RATE } from '../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../media/frame-source.ts';
import { plainVideo } from '../media/plain-video.ts';
import type { VideoReader, VideoSize } from '../media/video-reader.ts';
import { boxBlur, lumaOf } from './drawing/planes.ts';
import type { PreviewSource } from './source.ts';

/** Throws MediaError `bad_image`, `bad_media` or `bad_mask` where the caller's input cannot be used. */
export async function render(source: PreviewSource, output: RenderOutput): Promise<FrameSource> {
  const { format } = output;
  switch (source.kind) {
    case 'text':
      return (await import('./scenes/text-scene.ts')).textScene(source, format);
    case 'image':
      return (await import('./image/image-scene.ts')).imageScene(source, format);
    case 'transition':
      return (await import('./transition/transition.ts')).transitionScene(source, format);
    case 'shots':
      return (await import('./shots.ts')).cutIntoShots(source, format, (clip, shot) =>
        render(clip, { ...output, format: shot }),
      );
    case 'fusion':
      return (await import('./fusion/fusion.ts')).fusionScene(source, format);
    case 'template':
      return (await import('./templates/templates.ts')).playTemplate(source, format);
    case 'lip_sync':
      return (await import('./speech/speaking-video.ts')).lipSync(source, output);
    case 'avatar':
      return (await import('./speech/speaking-video.ts')).avatar(source, output);
    case 'spoken_over':
      return (await import('./speech/speak-over.ts')).speakOver(await render(source.clip, output), source, output);
    case 'effects_over':
      return (await import('./sound/video-sound.ts')).effectsOver(source, await render(source.clip, output));
    case 'upscale': {
      const video = await output.openVideo(source.videoPath, format);
      return plainVideo('upscaled video', sharpened(video, format), await video.sound(SAMPLE_RATE));
    }
    case 'sound_effect':
      return (await import('./sound/video-sound.ts')).videoWithSound(
        source,
        await output.openVideo(source.videoPath, format),
      );
    case 'restyle':
      return (await import('./restyle/restyle.ts')).restyleVideo(source, output);
    case 'extend':
      return (await import('./extend/extend.ts')).extendVideo(
        source,
        await output.openVideo(source.videoPath, format),
        format,
      );
    case 'mask_selection':
      return (await import('./subject/masked-video.ts')).selectMasks(source, output);
    case 'swap':
      return (await import('./subject/swap.ts')).swapInVideo(source, output);
    case 'modify':
      return (await import('./edit/modify.ts')).modifyVideo(source, output);
    case 'mimic':
      return (await import('./mimic/mimic.ts')).mimicVideo(source, output);
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
