/** Which frames a source kind stands for. A new kind, such as a clip that another engine made, is one more case here. */
import { previewFromImage } from '../preview/picture/picture-scene.ts';
import { previewFromText } from '../preview/preview.ts';
import type { FrameSource } from './frame-source.ts';
import type { StudioJob } from './job.ts';

export async function openSource({ source, output }: StudioJob): Promise<FrameSource> {
  switch (source.kind) {
    case 'text':
      return previewFromText(source, output);
    case 'image':
      return previewFromImage(source, output);
  }
}
