/** The voice of a clip as samples: a recording that is read, or a text that is spoken. */
import { join } from 'node:path';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { Stereo } from '../../media/frame-source.ts';
import { readAudio } from '../../media/video-reader.ts';
import type { VoiceSource } from '../source.ts';
import { runSpeech } from '../speech/run-speech.ts';
import { castLike, castSpeaker, type Delivery } from './casting.ts';
import { estimateVoice } from './estimate-voice.ts';
import { guessTongue } from './language.ts';

export interface HeardVoice {
  /** At `SAMPLE_RATE`. */
  readonly stereo: Stereo;
  readonly mono: Float32Array;
  /** espeak's IPA of a text; empty for a recording, whose sounds nobody knows. */
  readonly phonemes: string;
}

/** Peak of spoken text: -3 dBFS. */
const PEAK = 10 ** (-3 / 20);
/** Breath before the first word of a text. */
const LEAD_SECONDS = 0.15;
const TAIL_SECONDS = 0.2;

/** `folder` takes the speech; `fitSeconds` is what a text must fit in. Throws MediaError `bad_media` for a recording that cannot be decoded. */
export async function hearVoice(voice: VoiceSource, folder: string, fitSeconds?: number): Promise<HeardVoice> {
  if (voice.kind === 'recording') {
    const stereo = await readAudio(voice.path, SAMPLE_RATE);
    return { stereo, mono: monoOf(stereo), phonemes: '' };
  }
  const { path, phonemes } = await runSpeech({
    text: voice.text,
    tongue: guessTongue(voice.text),
    ...(await deliveryOf(voice)),
    ...(fitSeconds !== undefined && { fitSeconds: Math.max(0.3, fitSeconds - LEAD_SECONDS - TAIL_SECONDS) }),
    path: join(folder, 'speech.wav'),
  });
  const mono = prepared((await readAudio(path, SAMPLE_RATE))[0]);
  return { stereo: [mono, mono], mono, phonemes };
}

async function deliveryOf(voice: VoiceSource & { kind: 'speech' }): Promise<Delivery> {
  if (voice.likePath === undefined) return castSpeaker(voice.speakerId);
  return castLike(estimateVoice(monoOf(await readAudio(voice.likePath, SAMPLE_RATE)), SAMPLE_RATE));
}

function monoOf([left, right]: Stereo): Float32Array {
  return left.map((sample, at) => (sample + (right[at] as number)) / 2);
}

/** At an even loudness, after a short breath. */
function prepared(spoken: Float32Array): Float32Array {
  const peak = spoken.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const gain = peak > 0.001 ? PEAK / peak : 0;
  const lead = Math.round(LEAD_SECONDS * SAMPLE_RATE);
  const out = new Float32Array(lead + spoken.length);
  for (let at = 0; at < spoken.length; at++) out[lead + at] = (spoken[at] as number) * gain;
  return out;
}
