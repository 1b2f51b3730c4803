/** Which frames a source kind stands for. A new kind, such as a clip that another engine made, is one more case here. */
import { effectsOver } from '../film/film-sound.ts';
import { openFilmSource } from '../film/open-film-source.ts';
import { modifyFilm } from '../preview/edit/modify.ts';
import { previewTemplate } from '../preview/effects/template-scene.ts';
import { previewFusion } from '../preview/fusion/fusion-scene.ts';
import { selectMasks } from '../preview/masks/mask-selection.ts';
import { swapInFilm } from '../preview/masks/swap.ts';
import { mimicFilm } from '../preview/mimic/mimic.ts';
import { previewFromImage } from '../preview/picture/picture-scene.ts';
import { previewFromText } from '../preview/preview.ts';
import { cutIntoShots } from '../preview/shots/shots.ts';
import { previewTransition } from '../preview/transition/transition-scene.ts';
import { previewAvatar } from '../preview/voice/avatar.ts';
import { previewLipSync } from '../preview/voice/lip-sync.ts';
import { speakOver } from '../preview/voice/spoken-over.ts';
import type { FrameSource } from './frame-source.ts';
import type { StudioJob } from './job.ts';

export async function openSource(job: StudioJob): Promise<FrameSource> {
  const { source, output } = job;
  switch (source.kind) {
    case 'text':
      return previewFromText(source, output);
    case 'image':
      return previewFromImage(source, output);
    case 'transition':
      return previewTransition(source, output);
    case 'shots':
      return cutIntoShots(source, output, (clip, format) => openSource({ ...job, source: clip, output: format }));
    case 'fusion':
      return previewFusion(source, output);
    case 'template':
      return previewTemplate(source, output);
    case 'lip_sync':
      return previewLipSync(source, job);
    case 'avatar':
      return previewAvatar(source, job);
    case 'spoken_over':
      return speakOver(await openSource({ ...job, source: source.clip }), source, job);
    case 'effects_over':
      return effectsOver(source, await openSource({ ...job, source: source.clip }));
    case 'file':
    case 'extend':
    case 'restyle':
    case 'upscale':
    case 'sound_effect':
      return openFilmSource(source, job);
    case 'mask_selection':
      return selectMasks(source, job);
    case 'swap':
      return swapInFilm(source, job);
    case 'modify':
      return modifyFilm(source, job);
    case 'mimic':
      return mimicFilm(source, job);
  }
}
