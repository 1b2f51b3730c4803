/** The one way into the preview engine: the media process loads this module and asks it for the frames of a source. Same source and format, same frames. */
import { SAMPLE_RATE } from '../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../media/frame-source.ts';
import { plainVideo } from '../media/plain-video.ts';
import { modifyVideo } from './edit/modify.ts';
import { extendFilm } from './film/extension/extended-film.ts';
import { effectsOver, filmWithSound } from './film/film-sound.ts';
import { sharpened } from './film/sharpen.ts';
import { previewFusion } from './fusion/fusion-scene.ts';
import { mimicVideo } from './mimic/mimic.ts';
import { previewFromImage } from './picture/picture-scene.ts';
import { previewFromText } from './preview.ts';
import { restyleVideo } from './restyle/restyle.ts';
import { cutIntoShots } from './shots/shots.ts';
import type { PreviewSource } from './source.ts';
import { selectMasks } from './subject/masked-video.ts';
import { swapInVideo } from './subject/swap.ts';
import { playTemplate } from './templates/templates.ts';
import { previewTransition } from './transition/transition.ts';
import { previewAvatar } from './voice/avatar.ts';
import { previewLipSync } from './voice/lip-sync.ts';
import { speakOver } from './voice/spoken-over.ts';

/** Throws MediaError `bad_image`, `bad_media` or `bad_mask` where the caller's input cannot be used. */
export async function render(source: PreviewSource, output: RenderOutput): Promise<FrameSource> {
  const { format } = output;
  switch (source.kind) {
    case 'text':
      return previewFromText(source, format);
    case 'image':
      return previewFromImage(source, format);
    case 'transition':
      return previewTransition(source, format);
    case 'shots':
      return cutIntoShots(source, format, (clip, shot) => render(clip, { ...output, format: shot }));
    case 'fusion':
      return previewFusion(source, format);
    case 'template':
      return playTemplate(source, format);
    case 'lip_sync':
      return previewLipSync(source, output);
    case 'avatar':
      return previewAvatar(source, output);
    case 'spoken_over':
      return speakOver(await render(source.clip, output), source, output);
    case 'effects_over':
      return effectsOver(source, await render(source.clip, output));
    case 'upscale': {
      const video = await output.openVideo(source.videoPath, format);
      return plainVideo('upscaled video', sharpened(video, format), await video.sound(SAMPLE_RATE));
    }
    case 'sound_effect':
      return filmWithSound(source, await output.openVideo(source.videoPath, format));
    case 'restyle':
      return restyleVideo(source, output);
    case 'extend':
      return extendFilm(source, await output.openVideo(source.videoPath, format), format);
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
