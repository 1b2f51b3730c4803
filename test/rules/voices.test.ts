/** The pure parts of speech: how long a text takes, whose voice, where the mouth is and how it stands. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSpeaker, SPEAKERS } from '../../functions/catalogue/speakers.ts';
import { LONGEST_SPEECH_SECONDS, speechSeconds } from '../../functions/catalogue/speech-length.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import { spokenSource, withSpeech } from '../../functions/worker/preview/engine.ts';
import { type FaceGuess, findFace } from '../../functions/worker/preview/face/find-face.ts';
import { paintMouth } from '../../functions/worker/preview/face/mouth-painter.ts';
import { followed } from '../../functions/worker/preview/face/track-face.ts';
import { mouthTrack } from '../../functions/worker/preview/speech/mouth-track.ts';
import { speakable } from '../../functions/worker/preview/speech/run-speech.ts';
import { castLike, castSpeaker, estimateVoice } from '../../functions/worker/preview/speech/speaker.ts';
import { facePicture } from '../support/face-picture.ts';
import { sourcesOf } from './source-tree.ts';

const RATE = 16_000;

describe('the length of a speech', () => {
  it('is 1 to 30 seconds in half seconds, and never less for more text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 50 }), (text, more) => {
        const seconds = speechSeconds(text);
        expect(seconds * 2).toBe(Math.round(seconds * 2));
        expect(seconds).toBeGreaterThanOrEqual(1);
        expect(seconds).toBeLessThanOrEqual(LONGEST_SPEECH_SECONDS);
        expect(speechSeconds(`${text} ${more}`)).toBeGreaterThanOrEqual(seconds);
      }),
    );
    expect(speechSeconds('')).toBe(1);
    expect(speechSeconds('word '.repeat(400))).toBe(30);
    expect(speechSeconds('你好，世界')).toBeGreaterThan(speechSeconds('hello'));
  });
});

describe('the speakers', () => {
  it('are the fifteen that clients know, found in either spelling', () => {
    expect(SPEAKERS).toHaveLength(15);
    expect(new Set(SPEAKERS.map(({ speakerId }) => speakerId)).size).toBe(15);
    expect(findSpeaker('auto')).toBe(findSpeaker('Auto'));
    expect(findSpeaker('8')?.name).toBe('Ava');
    expect(findSpeaker('15')).toBeUndefined();
  });

  it('each have a delivery of their own', () => {
    const deliveries = SPEAKERS.map(({ speakerId }) => JSON.stringify(castSpeaker(speakerId)));
    expect(new Set(deliveries).size).toBe(15);
    expect(castSpeaker('nobody')).toEqual(castSpeaker('Auto'));
  });

  it('of one’s own stay within what espeak-ng takes, whatever was recorded', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20, max: 2_000, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (hertz, syllablesPerSecond) => {
          const { pitch, pace } = castLike({ hertz, syllablesPerSecond });
          expect(Number.isInteger(pitch) && pitch >= 0 && pitch <= 99).toBe(true);
          expect(pace).toBeGreaterThanOrEqual(110);
          expect(pace).toBeLessThanOrEqual(230);
        },
      ),
    );
  });
});

describe('the estimate of a voice', () => {
  const buzz = (hertz: number): Float32Array =>
    Float32Array.from({ length: RATE }, (_, at) => {
      const phase = (at * hertz) / RATE;
      return (
        0.3 * Math.sin(2 * Math.PI * phase) + 0.2 * Math.sin(4 * Math.PI * phase) + 0.15 * Math.sin(6 * Math.PI * phase)
      );
    });

  it.each([75, 110, 160, 233, 330])('hears %d Hz within 3 %%', hertz => {
    expect(Math.abs(estimateVoice(buzz(hertz), RATE).hertz / hertz - 1)).toBeLessThan(0.03);
  });

  it('of silence, of noise and of nothing is a middling voice', () => {
    const middling = estimateVoice(new Float32Array(0), RATE);
    expect(middling).toEqual(estimateVoice(new Float32Array(RATE), RATE));
    let state = 1;
    const noise = Float32Array.from({ length: RATE }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 1_073_741_823 - 1;
    });
    expect(estimateVoice(noise, RATE)).toEqual(middling);
  });
});

describe('text for the speech process', () => {
  it('is well-formed, without control characters and raw phonemes, and bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_500 }), text => {
        const plain = speakable(text);
        expect(plain.isWellFormed()).toBe(true);
        expect(plain).not.toMatch(/\p{Cc}|\[\[/u);
        expect([...plain].length).toBeLessThanOrEqual(1_000);
      }),
    );
  });

  it('goes to espeak-ng from one file alone', () => {
    const sources = sourcesOf('functions');
    const importers = (of: (target: string) => boolean): string[] =>
      sources.filter(({ imports }) => imports.some(({ target }) => of(target))).map(({ path }) => path);
    expect(importers(target => target === 'espeak-ng')).toEqual(['functions/worker/preview/speech/speak.ts']);
    expect(importers(target => target.endsWith('/speech/speak.ts'))).toEqual([]);
  });
});

describe('the mouth of each frame', () => {
  const fps = 24;
  /** A loud vowel from 0.5 to 1 s: a buzz with its strength at the first formant. */
  const vowel = Float32Array.from({ length: 2 * RATE }, (_, at) => {
    const time = at / RATE;
    if (time < 0.5 || time > 1) return 0;
    return [120, 600, 720, 840].reduce((sum, hertz) => sum + 0.12 * Math.sin(2 * Math.PI * hertz * time), 0);
  });

  it('is open while there is a voice, and shut before and after', () => {
    const track = mouthTrack(vowel, RATE, { fps, frames: 48 });
    expect(Math.max(...track.slice(0, 10).map(({ open }) => open))).toBeLessThan(0.05);
    expect(Math.min(...track.slice(14, 22).map(({ open }) => open))).toBeGreaterThan(0.6);
    expect(Math.max(...track.slice(27).map(({ open }) => open))).toBeLessThan(0.05);
  });

  it('is the one of the sound that is known to be said', () => {
    const at = (phonemes: string) => mouthTrack(vowel, RATE, { fps, frames: 48 }, phonemes)[18];
    expect(at('ˈuː')?.wide).toBeLessThan(-0.4);
    expect(at('ˈiː')?.wide).toBeGreaterThan(at('ˈɑː')?.wide as number);
    expect(at('ˈɑː')?.open).toBeGreaterThan(at('ˈiː')?.open as number);
  });

  it('is always a mouth: within bounds for any samples and any sounds', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ maxLength: 4_000, min: -1, max: 1, noNaN: true }),
        fc.string({ unit: 'binary', maxLength: 60 }),
        (samples, phonemes) => {
          const track = mouthTrack(samples, RATE, { fps, frames: 10 }, phonemes);
          expect(track).toHaveLength(10);
          for (const { open, wide, teeth } of track) {
            expect(open >= 0 && open <= 1 && wide >= -1 && wide <= 1 && teeth >= 0 && teeth <= 1).toBe(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a face', () => {
  const SKINS = [
    [222, 178, 148],
    [244, 206, 180],
    [120, 80, 60],
    [92, 62, 48],
  ] as const;
  const PLACES = [
    [640, 360, { x: 320, y: 170, height: 220 }],
    [640, 360, { x: 180, y: 190, height: 120 }],
    [480, 640, { x: 240, y: 300, height: 360 }],
  ] as const;

  const guess = async (png: Buffer): Promise<FaceGuess> => {
    const image = await loadImage(png);
    const context = createCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return findFace({ pixels: data, width: image.width, height: image.height });
  };

  it.each(SKINS.flatMap(skin => PLACES.map(place => [skin, ...place] as const)))(
    'of skin %j in %d x %d at %j: its mouth is found within a twentieth of its height',
    async (skin, width, height, face) => {
      const found = await guess(facePicture(width, height, [{ ...face, skin }], 'park'));
      expect(found.confidence).toBeGreaterThan(0.6);
      const offX = found.mouth.x * width - face.x;
      const offY = found.mouth.y * height - (face.y + face.height * 0.265);
      expect(Math.hypot(offX, offY)).toBeLessThan(face.height / 20);
    },
  );

  it('is not seen where there is none', async () => {
    expect((await guess(facePicture(640, 360, [], 'park'))).confidence).toBe(0);
  });

  it('that is lost for a moment is followed through the gap', () => {
    const at = (x: number): FaceGuess => ({
      face: { x: x - 0.1, y: 0.2, width: 0.2, height: 0.5 },
      mouth: { x, y: 0.6, width: 0.1, seen: true },
      confidence: 0.9,
    });
    const lost: FaceGuess = { ...at(0.9), confidence: 0 };
    const places = followed([at(0.4), at(0.4), at(0.4), lost, at(0.4), at(0.4), at(0.4)]);
    for (const seconds of [0, 0.4, 0.5, 0.6, 1]) expect(places(seconds, 100, 100).x).toBeCloseTo(40);
  });
});

describe('painting a mouth', () => {
  const shut = { open: 0, wide: 0, teeth: 0 };

  it('changes nothing where the lips of the image are shut', () => {
    const pixels = new Uint8ClampedArray(80 * 80 * 4).map((_, at) => (at * 37) % 251);
    const before = pixels.slice();
    paintMouth(pixels, 80, 80, { x: 40, y: 40, half: 15, bare: 0 }, shut);
    expect(pixels).toEqual(before);
  });

  it('stays inside the image wherever the mouth is', () => {
    const number = fc.double({ min: -300, max: 300, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 90, noNaN: true }), (x, y, half) => {
        const pixels = new Uint8ClampedArray(60 * 40 * 4).fill(128);
        paintMouth(pixels, 60, 40, { x, y, half, bare: 1 }, { open: 1, wide: -1, teeth: 1 });
        expect(pixels).toHaveLength(60 * 40 * 4);
        for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 128) throw new Error('alpha was painted');
      }),
      { numRuns: 60 },
    );
  });
});

describe('what the studio is asked for', () => {
  const request = (change: Partial<VideoRequest>): VideoRequest => ({
    function: 'lip_sync',
    model: '',
    prompt: '',
    negativePrompt: '',
    durationSeconds: 5,
    quality: '360p',
    seed: 9,
    audio: true,
    style: '',
    cameraMovement: '',
    motion: 'normal',
    ...change,
  });
  const video = { path: '/video', width: 640, height: 360, durationSeconds: 5, hasAudio: true };
  const image = { id: 1, path: '/image', width: 640, height: 360 };
  const speaker = { kind: 'speaker', speakerId: '3', text: 'Hi' } as const;

  it('is a video and a voice for lip sync, an image and a voice for an avatar', () => {
    const inputs = { images: [image], video, audioPath: '/voice' };
    expect(spokenSource(request({ voice: { kind: 'media', id: 4 } }), inputs)).toEqual({
      kind: 'lip_sync',
      videoPath: '/video',
      voice: { kind: 'recording', path: '/voice' },
    });
    expect(spokenSource(request({ function: 'avatar', voice: speaker }), { images: [image] })).toEqual({
      kind: 'avatar',
      imagePath: '/image',
      voice: { kind: 'speech', text: 'Hi', speakerId: '3' },
      seed: 9,
    });
    expect(spokenSource(request({ function: 'restyle' }), inputs)).toBeUndefined();
    expect(() => spokenSource(request({}), inputs)).toThrow(/voice/);
    expect(() => spokenSource(request({ voice: speaker }), { images: [] })).toThrow(/video/);
  });

  it('is a voice like the recording for a speaker of one’s own', () => {
    const source = spokenSource(request({ voice: { ...speaker, sampleId: 8 } }), {
      images: [],
      video,
      audioPath: '/sample',
    });
    expect(source).toMatchObject({ voice: { kind: 'speech', likePath: '/sample' } });
  });

  it('is the clip itself without a voice, and the clip with a voice over it with one', () => {
    const clip = { kind: 'text', prompt: 'sea', seed: 1 } as const;
    const text = { function: 'text_to_video' } as const;
    expect(withSpeech(clip, request(text), {})).toBe(clip);
    expect(withSpeech(clip, request({ ...text, voice: speaker }), {})).toMatchObject({
      kind: 'spoken_over',
      clip,
      ambience: true,
    });
    expect(withSpeech(clip, request({ ...text, voice: speaker, audio: false }), {})).toMatchObject({ ambience: false });
  });
});
