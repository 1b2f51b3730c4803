import { describe, expect, it } from 'vitest';
import { mediaFacts } from '../../functions/uploads/inspection-client.ts';
import { type Container, mediaFile } from '../support/media-files.ts';
import { toneWav } from '../support/recordings.ts';

describe('the inspection of what comes from outside', () => {
  it('says what the inspection says', async () => {
    const video = await mediaFile({ container: 'mp4', seconds: 1 });
    expect(await mediaFacts(video, 'file')).toMatchObject({ mediaType: 'video', width: 640, height: 360 });
    expect(await mediaFacts(toneWav(1), 'file')).toMatchObject({ mediaType: 'audio', durationSeconds: 1 });
    await expect(mediaFacts(toneWav(31), 'file_url')).rejects.toMatchObject({
      ...{
        name: 'Refusal',
        kind: 'invalid_parameter',
        field: 'file_url',
        message: expect.stringContaining('at most 30'),
      },
    });
  });

  it('ends, with a refusal, over a WebM that was cut where its reader never ends', async () => {
    const whole = await mediaFile({ container: 'webm', seconds: 1 });
    // Of all places some keep the reader for ever; which they are depends on its version.
    const cuts = [260, 264, 268, 280].map(end => whole.subarray(0, end));
    const ends = cuts.map(cut =>
      mediaFacts(cut, 'file', 1_000).then(
        () => 'taken',
        error => (error as Error).name,
      ),
    );
    for (const end of await Promise.all(ends)) expect(['taken', 'Refusal']).toContain(end);
  });

  it.each(['mp4', 'fragments', 'mov', 'webm', 'm4a', 'aac'] as const)(
    'takes or refuses a file in %s, wherever it is broken or cut, and never anything else',
    async (container: Container) => {
      const whole = await mediaFile({ container, seconds: 1, sound: true });
      for (let round = 0; round < 5; round++) {
        const broken = Buffer.from(whole);
        const place = (round * 7919 + 13) % whole.length;
        broken[place] = (broken[place] ?? 0) ^ 0xff;
        const cut = round % 2 === 0 ? broken : broken.subarray(0, (round * 104_729) % whole.length);
        const end = await mediaFacts(cut, 'file', 1_000).then(
          () => 'taken',
          error => (error as Error).name,
        );
        expect(['taken', 'Refusal'], `round ${round}`).toContain(end);
      }
    },
  );
});
