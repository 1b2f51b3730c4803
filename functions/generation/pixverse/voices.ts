/** Who speaks in a body: a recording, or a speaker with a text. */

import { findSpeaker } from '../../catalogue/speakers.ts';
import type { VoiceReference } from '../../catalogue/video-request.ts';
import { type Facts, missing, type Needs, refuse } from './reading.ts';

export interface SpeechMembers {
  readonly lip_sync_tts_speaker_id?: string | undefined;
  readonly lip_sync_tts_content?: string | undefined;
}

export interface VoiceMembers extends SpeechMembers {
  readonly audio_media_id?: number | undefined;
}

/** What must be known of the voice before it can be read. */
export function voiceNeeds({ audio_media_id, ...speech }: VoiceMembers): Needs {
  return audio_media_id === undefined ? speechNeeds(speech) : { recordingId: audio_media_id };
}

export function speechNeeds({ lip_sync_tts_speaker_id: id }: SpeechMembers): Needs {
  return id && !findSpeaker(id) ? { ownSpeakerId: id } : {};
}

/** Exactly one voice: the recording, or the text that a speaker reads. A speaker's id without a text says nothing. */
export function voiceOf(body: VoiceMembers, facts: Facts): VoiceReference {
  const { audio_media_id: recording, lip_sync_tts_content: text } = body;
  if (recording !== undefined && text) {
    refuse('audio_media_id', 'and lip_sync_tts_content are two voices: send one of them');
  }
  if (recording !== undefined) return { kind: 'media', id: recording };
  if (!text && !body.lip_sync_tts_speaker_id) {
    refuse('audio_media_id', 'is required, or lip_sync_tts_speaker_id with lip_sync_tts_content');
  }
  return speechOf(body, facts);
}

/** A speaker who reads a text; who is not named is `Auto`. */
export function speechOf(body: SpeechMembers, { sampleId }: Facts): VoiceReference {
  const { lip_sync_tts_speaker_id: id, lip_sync_tts_content: text } = body;
  if (!text) missing('lip_sync_tts_content');
  if (sampleId !== undefined && id) return { kind: 'speaker', speakerId: id, text, sampleId };
  return { kind: 'speaker', speakerId: findSpeaker(id || 'Auto')?.speakerId ?? 'Auto', text };
}
