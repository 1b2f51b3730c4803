/** Speech over any other clip: the voice is heard over its sound. */
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import type { SpokenOverSource } from '../source.ts';
import { hearVoice } from './hear-voice.ts';
import { voiceOver } from './voice-over.ts';

export async function speakOver(
  inner: FrameSource,
  source: SpokenOverSource,
  { format, directory }: RenderOutput,
): Promise<FrameSource> {
  const voice = voiceOver(await hearVoice(source.voice, directory), format);
  return {
    scene: inner.scene,
    paint: (index, frame) => inner.paint(index, frame),
    async sound(rate, samples) {
      const ambience = source.ambience ? await inner.sound?.(rate, samples) : undefined;
      return ambience ? voice.over(ambience) : voice.alone(samples);
    },
  };
}
