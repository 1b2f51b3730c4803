/**
 * Every text of a request that asks for content, under the caller's name for it. The negative prompt is none of them: it
 * says what is not wanted, and its usual words are the very ones that are refused elsewhere. Pure.
 */

import type { VideoRequest } from '../catalogue/video-request.ts';
import type { CallerText } from '../moderation/text/screen-text.ts';

export function callerTexts({ prompt, voice, sound, look, images = [] }: VideoRequest): CallerText[] {
  const texts: CallerText[] = [
    { field: 'prompt', text: prompt },
    { field: 'lip_sync_tts_content', text: voice?.kind === 'speaker' ? voice.text : '' },
    { field: 'sound_effect_content', text: sound?.prompt ?? '' },
    { field: 'restyle_prompt', text: look && 'prompt' in look ? look.prompt : '' },
    ...images.flatMap(({ name = '', prompt: change = '' }, index) => [
      { field: `image_references.${index}.ref_name`, text: name },
      { field: `multi_transition.${index}.prompt`, text: change },
    ]),
  ];
  // A request may hold one text in two places: the later one has the caller's own name for it.
  return texts.filter(
    ({ text }, index) => text.trim() !== '' && !texts.some((other, later) => later > index && other.text === text),
  );
}
