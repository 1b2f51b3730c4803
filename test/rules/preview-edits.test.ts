import { describe, expect, it } from 'vitest';
import { readEdits } from '../../functions/worker/preview/edit/read-edits.ts';

/** What the edits do, in their order. */
const done = (prompt: string, masks = 0, pictures = 0): string[] =>
  readEdits(prompt, masks, pictures).map(({ operation }) => operation);

describe('a prompt for modify', () => {
  it.each([
    ['remove @selection0', 1, 0, ['remove']],
    ['a street without @selection0', 1, 0, ['remove']],
    ['get rid of the people', 0, 0, ['remove']],
    ['replace @selection0 with @img0', 1, 1, ['replace']],
    ['@img0 instead of @selection0', 1, 1, ['replace']],
    ['add @img0 on the left', 0, 1, ['add']],
    ['put @img0 on @selection0', 1, 1, ['add']],
    ['add some birds', 0, 0, ['add']],
    ['make @selection0 red', 1, 0, ['recolour']],
    ['paint the sky purple', 0, 0, ['recolour']],
    ['make it night', 0, 0, ['light']],
    ['more dramatic and colder', 0, 0, ['light']],
    ['it rains', 0, 0, ['weather']],
    ['heavy snowfall', 0, 0, ['weather']],
    ['turn it into an oil painting', 0, 0, ['restyle']],
    ['in the style of a comic', 0, 0, ['restyle']],
    ['blur @selection0', 1, 0, ['hide']],
    ['pixelate the man', 0, 0, ['hide']],
    ['write "SALE" on @selection0', 1, 0, ['write']],
    ['change the text to “OPEN”', 0, 0, ['write']],
    ['highlight @selection0', 1, 0, ['glow']],
    ['把@selection0删除', 1, 0, ['remove']],
    ['zorgle the flumph', 0, 0, ['mood']],
  ])('"%s" with %i masks and %i pictures is %j', (prompt, masks, pictures, wanted) => {
    expect(done(prompt, masks, pictures)).toEqual(wanted);
  });

  it('of several things is several edits, holes first and what lies over it last', () => {
    expect(done('write "HI", paint @selection1 blue and remove @selection0', 2)).toEqual([
      'remove',
      'recolour',
      'write',
    ]);
    expect(done('make it night with fireflies')).toEqual(['light', 'add']);
    expect(done('a black and white drawing')).toEqual(['restyle']);
  });

  it('gives each edit the masks and pictures that it names', () => {
    const [removed, replaced] = readEdits('remove @selection1 and replace @selection0 with @img1; add @img0', 2, 2);
    expect(removed).toMatchObject({ operation: 'remove', masks: [1] });
    expect(replaced).toMatchObject({ operation: 'replace', masks: [0], pictures: [1] });
  });

  it('uses every mask and every picture, mentioned or not', () => {
    for (const prompt of ['make it snow', 'remove @selection1', 'put @img1 on @selection0', 'zorgle']) {
      const edits = readEdits(prompt, 3, 3);
      expect([...new Set(edits.flatMap(({ masks }) => masks))].sort(), prompt).toEqual([0, 1, 2]);
      expect([...new Set(edits.flatMap(({ pictures }) => pictures))].sort(), prompt).toEqual([0, 1, 2]);
    }
  });

  it('is about the masks where it names none, and about the rest where it names them all elsewhere', () => {
    expect(readEdits('make it red', 2, 0)).toMatchObject([{ masks: [0, 1] }]);
    expect(readEdits('make @selection0 red and blur the background', 1, 0)).toMatchObject([
      { operation: 'recolour', masks: [0] },
      { operation: 'hide', masks: [], named: 'background' },
    ]);
  });

  it('takes the colour that is said last, quoted text as it is written, and places', () => {
    expect(readEdits('from red to blue', 0, 0)[0]?.colors.at(-1)).toBe('blue');
    expect(readEdits('write "Stop, and Go!" in red', 0, 0)).toMatchObject([
      { quoted: 'Stop, and Go!', colors: ['red'] },
    ]);
    expect(readEdits('put @img0 above @selection0', 1, 1)[0]?.places).toContain('above');
  });

  it('that mentions what did not come along is read without it', () => {
    expect(readEdits('replace @selection4 with @img7', 1, 1)).toMatchObject([{ masks: [0], pictures: [0] }]);
  });
});
