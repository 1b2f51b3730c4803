/** Speech: the process that speaks, the speakers, and what may be asked of them. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SPEAKERS } from '../../functions/catalogue/speakers.ts';
import { speechSeconds } from '../../functions/catalogue/speech-length.ts';
import { hear } from '../../functions/worker/preview/speech/mouth-track.ts';
import { runSpeech } from '../../functions/worker/preview/speech/run-speech.ts';
import { castLike, castSpeaker, estimateVoice, guessTongue } from '../../functions/worker/preview/speech/speaker.ts';
import { openSpeech } from '../../functions/worker/preview/speech/speech-over.ts';
import { likeness, RATE, soundOf, VoiceStudio } from '../support/voice-studio.ts';

const TEXT = 'The quick brown fox jumps over the lazy dog.';
const studio = new VoiceStudio();
afterAll(() => studio.close());

const speech = (text: string, change: { fitSeconds?: number } = {}) =>
  runSpeech({ text, tongue: 'en-us', ...castSpeaker('1'), path: `${studio.folder()}/said.wav`, ...change });

/** Processes that speak, and their environment. */
function speaking(): string[] {
  return readdirSync('/proc')
    .filter(pid => /^\d+$/.test(pid))
    .flatMap(pid => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const ours = readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${process.pid}\n`);
        return ours && command.includes('speech/speak.') ? [readFileSync(`/proc/${pid}/environ`, 'utf8')] : [];
      } catch {
        return [];
      }
    });
}

describe('the speech process', () => {
  test('gets no environment and is gone when the speech is there', async () => {
    process.env.VOICES_SECRET = 'do-not-hand-on';
    let over = false;
    const said = speech(TEXT).finally(() => {
      over = true;
    });
    const environments: string[] = [];
    while (!over) {
      environments.push(...speaking());
      await new Promise(setImmediate);
    }
    expect((await said).seconds).toBeGreaterThan(1);
    expect(environments.length).toBeGreaterThan(0);
    expect(environments.join('\n')).not.toContain('VOICES_SECRET');
    expect(environments.join('\n')).not.toMatch(/(^|\0)(PATH|HOME|AWS_\w+)=/);
    expect(speaking()).toEqual([]);
  });

  test('that is too slow is ended, and says so', async () => {
    const asked = runSpeech({ text: TEXT, tongue: 'en-us', ...castSpeaker('1'), path: `${studio.folder()}/a.wav` }, 1);
    await expect(asked).rejects.toMatchObject({ code: 'timeout' });
    expect(speaking()).toEqual([]);
  });

  test('says the same text in the same samples every time', async () => {
    const [one, two] = await Promise.all([speech(TEXT), speech(TEXT)]);
    expect(readFileSync(one.path).equals(readFileSync(two.path))).toBe(true);
  });

  test('says what it says: another text has other sounds', async () => {
    const [one, two] = await Promise.all([speech('Good morning, captain.'), speech('Seven silver spoons.')]);
    expect(one.phonemes).not.toBe(two.phonemes);
    expect(likeness(await soundOf(one.path), await soundOf(two.path))).toBeLessThan(0.5);
  });

  test('speaks faster where the text must fit', async () => {
    const free = await speech(TEXT);
    const fitted = await speech(TEXT, { fitSeconds: free.seconds * 0.7 });
    expect(fitted.seconds).toBeLessThanOrEqual(free.seconds * 0.7);
    expect(fitted.seconds).toBeGreaterThan(free.seconds * 0.5);
    expect(fitted.phonemes).toBe(free.phonemes);
  });
});

describe('any text', () => {
  test.each(['', '   ', '\n\t', '\u0000', '…', '.....', '\u200b', '---'])('%j is a short silence', async text => {
    const said = await speech(text);
    expect(said.seconds).toBeLessThan(1);
    expect((await soundOf(said.path)).every(sample => Math.abs(sample) < 0.001)).toBe(true);
  });

  test.each([
    ['emoji', '😀🏳️‍🌈👩‍👩‍👧'],
    ['half a character', '\ud800 lone'],
    ["espeak's own control codes", 'a\u0000b\u0001-42P\u001b'],
    ['raw phonemes and markup', '[[h@l]] <speak><break time="90s"/></speak>'],
    ['a command line', '-v xx --help'],
    ['signs', 'Ω≈ç√∫˜µ'],
    ['three scripts', 'שלום مرحبا नमस्ते'],
    ['200 digits', '9'.repeat(200)],
    ['5,000 letters', 'x'.repeat(5_000)],
    ['many marks on one letter', `ก${'็'.repeat(20)}`],
  ])('%s: no harm', async (_, text) => {
    const said = await runSpeech({
      text,
      tongue: guessTongue(text),
      ...castSpeaker('Auto'),
      path: `${studio.folder()}/a.wav`,
    });
    expect(said.seconds).toBeGreaterThan(0);
    expect((await soundOf(said.path)).length).toBeGreaterThan(0);
  });

  test('of any characters does no harm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async text => {
        const said = await runSpeech({
          text,
          tongue: guessTongue(text),
          ...castSpeaker('3'),
          path: `${studio.folder()}/a.wav`,
        });
        expect(said.seconds).toBeGreaterThan(0);
      }),
      { numRuns: 15, seed: 4 },
    );
  });

  test('is fitted to the seconds that were promised for it', async () => {
    for (const text of [
      'Hi.',
      TEXT,
      'WWW NASA FBI CIA IBM UNESCO',
      'こんにちは、お元気ですか。',
      '你好，世界。今天天气很好。',
    ]) {
      const seconds = speechSeconds(text);
      const voice = { kind: 'speech', text, speakerId: '11' } as const;
      const { mono } = await openSpeech(voice, studio.folder(), seconds);
      expect(mono.length / RATE, text).toBeLessThanOrEqual(seconds);
      expect(mono.length / RATE, text).toBeGreaterThan(seconds * 0.4);
    }
  });
});

describe('a language', () => {
  test.each([
    ['你好，世界。', 'cmn', /n_i/],
    ['Hola amigo, ¿cómo estás?', 'es', /o_l_a/],
    ['Guten Tag, wie geht es dir?', 'de', /ɡ_ˈuː_t/],
    ["Bonjour, je m'appelle Marie.", 'fr-fr', /b_ɔ̃_ʒ/],
    ['こんにちは', 'ja', /k_/],
    ['Good morning to you', 'en-us', /ɡ_/],
  ])('%s is spoken as %s', async (text, tongue, sounds) => {
    expect(guessTongue(text)).toBe(tongue);
    const said = await runSpeech({ text, tongue, ...castSpeaker('Auto'), path: `${studio.folder()}/a.wav` });
    expect(said.phonemes).toMatch(sounds);
  });
});

describe('the speakers', () => {
  interface Heard {
    readonly name: string;
    readonly hertz: number;
    readonly seconds: number;
    readonly bands: readonly number[];
  }
  let heard: Heard[] = [];
  beforeAll(async () => {
    for (const { speakerId, name } of SPEAKERS) {
      const samples = await soundOf(await studio.record(TEXT, castSpeaker(speakerId)));
      const { jaw, lips, hiss, loudness } = hear(samples, RATE);
      const mean = (band: Float32Array): number =>
        band.reduce((sum, value, at) => sum + value * (loudness[at] as number), 0) / loudness.reduce((a, b) => a + b);
      heard = [
        ...heard,
        {
          name,
          hertz: estimateVoice(samples, RATE).hertz,
          seconds: samples.length / RATE,
          bands: [mean(jaw), mean(lips), mean(hiss)],
        },
      ];
    }
  });

  test('all sound unlike each other: in pitch, in timbre or in pace', () => {
    const gaps = heard.flatMap((one, at) =>
      heard.slice(at + 1).map(two => ({
        pair: `${one.name}, ${two.name}`,
        gap:
          12 * Math.abs(Math.log2(one.hertz / two.hertz)) +
          30 * Math.hypot(...one.bands.map((band, index) => band - (two.bands[index] as number))) +
          15 * Math.abs(Math.log(one.seconds / two.seconds)),
      })),
    );
    expect(gaps).toHaveLength((15 * 14) / 2);
    // About one and a half semitones, or as much of something else.
    expect(gaps.filter(({ gap }) => gap < 1.5)).toEqual([]);
  });

  test('with women’s names are higher than those with men’s', () => {
    const of = (names: string[]): number[] =>
      heard.filter(({ name }) => names.includes(name)).map(({ hertz }) => hertz);
    const women = of(['Emily', 'Isabella', 'Chloe', 'Harper', 'Ava', 'Sophia', 'Julia']);
    const men = of(['James', 'Liam', 'Adrian', 'Mason', 'Jack', 'Oliver', 'Ethan']);
    expect([women.length, men.length]).toEqual([7, 7]);
    expect(Math.min(...women)).toBeGreaterThan(Math.max(...men));
  });

  test.each([90, 130, 165, 215])('of one’s own speaks as high as its recording: %d Hz', async hertz => {
    const like = await studio.record(TEXT, castLike({ hertz, syllablesPerSecond: 4.3 }));
    const voice = { kind: 'speech', text: 'Something else altogether.', speakerId: 'custom', likePath: like } as const;
    const { mono } = await openSpeech(voice, studio.folder());
    expect(Math.abs(12 * Math.log2(estimateVoice(mono, RATE).hertz / hertz))).toBeLessThan(1.5);
  });

  test('of one’s own speaks faster when its recording does', async () => {
    const [slow, fast] = await Promise.all(
      [110, 230].map(async pace => {
        const like = await studio.record(`${TEXT} ${TEXT}`, { throat: 'm3', pitch: 50, pace });
        const voice = { kind: 'speech', text: TEXT, speakerId: 'custom', likePath: like } as const;
        return (await openSpeech(voice, studio.folder())).mono.length;
      }),
    );
    expect(fast as number).toBeLessThan((slow as number) * 0.9);
  });
});
