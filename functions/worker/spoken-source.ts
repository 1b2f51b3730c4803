/** What the studio is asked for where somebody speaks. Pure. */
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Inputs } from './inputs.ts';
import { type PreviewSource, StudioError, type VoiceSource } from './studio/job.ts';

/** Lip sync and avatar; undefined for every other function. Throws StudioError where what it works on is missing. */
export function spokenSource(
  { function: wanted, voice, seed }: VideoRequest,
  { film, pictures: [picture], voicePath }: Pick<Inputs, 'film' | 'pictures' | 'voicePath'>,
): PreviewSource | undefined {
  if (wanted !== 'lip_sync' && wanted !== 'avatar') return undefined;
  const heard = voiceSource(voice, voicePath);
  if (heard === undefined) throw new StudioError('bad_media', `${wanted} without a voice`);
  if (wanted === 'lip_sync') {
    if (!film) throw new StudioError('bad_media', 'lip sync without a film');
    return { kind: 'lip_sync', filmPath: film.path, voice: heard };
  }
  if (!picture) throw new StudioError('bad_image', 'an avatar without a picture');
  return { kind: 'avatar', imagePath: picture.path, voice: heard, seed };
}

/** The clip of any other function, with the voice over it that the request asks for (`lip_sync_tts_switch`). */
export function withSpeech(
  clip: PreviewSource,
  { voice, audio, sound }: VideoRequest,
  { voicePath }: Pick<Inputs, 'voicePath'>,
): PreviewSource {
  const heard = voiceSource(voice, voicePath);
  if (heard === undefined) return clip;
  return { kind: 'spoken_over', clip, voice: heard, ambience: audio || sound !== undefined };
}

/** `voicePath` is the recording, or for a speaker of the account's own the recording that it was made of. */
function voiceSource(voice: VideoRequest['voice'], voicePath: string | undefined): VoiceSource | undefined {
  if (voice === undefined) return undefined;
  if (voice.kind === 'speaker') {
    const { text, speakerId } = voice;
    return { kind: 'speech', text, speakerId, ...(voicePath !== undefined && { likePath: voicePath }) };
  }
  return voicePath === undefined ? undefined : { kind: 'recording', path: voicePath };
}
