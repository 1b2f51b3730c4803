import { readFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { TEMPLATES, type Template } from '../../functions/catalogue/templates.ts';
import { probe } from '../../functions/worker/media/probe.ts';
import type { TemplateSource } from '../../functions/worker/preview/source.ts';
import { TEMPLATE_PAINTERS } from '../../functions/worker/preview/templates/templates.ts';
import { difference, filmed, opened, place, removeFiles, thing } from './picture-frames.ts';

afterAll(removeFiles);

const PICTURES = [thing('first', 'rgb(200, 60, 40)', '#9fc3d8'), place('second', 250), place('third', 90)];
const OTHER = place('other', 20);

const played = ({ id, images }: Template, change: Partial<TemplateSource> = {}): TemplateSource => ({
  kind: 'template',
  templateId: id,
  imagePaths: PICTURES.slice(0, images),
  prompt: '',
  seed: 2,
  ...change,
});

describe('the table of templates', () => {
  test('has a painter for every one, and no other, under ids and names of their own', () => {
    expect(Object.keys(TEMPLATE_PAINTERS).map(Number).toSorted()).toEqual(TEMPLATES.map(({ id }) => id).toSorted());
    expect(new Set(TEMPLATES.map(({ id }) => id)).size).toBe(TEMPLATES.length);
    expect(new Set(TEMPLATES.map(({ name }) => name)).size).toBe(TEMPLATES.length);
    expect(TEMPLATES.every(({ id }) => Number.isSafeInteger(id))).toBe(true);
  });
});

describe.each(TEMPLATES.map(template => [template.name, template] as const))('%s', (_, template) => {
  const seconds = template.kind === 'video' ? 1 : 1 / 24;
  // A third, the middle and the end; a picture has one frame.
  const looked = template.kind === 'video' ? [8, 12, 16, 23] : [0];

  test('depends on each of its images, and is the same for the same seed', async () => {
    const at = async (source: TemplateSource) => (await opened(source, seconds)).at(...looked);
    const frames = await at(played(template));
    const again = await at(played(template));
    expect(again.map((frame, index) => difference(frame, frames[index]))).toEqual(looked.map(() => 0));
    for (let changed = 0; changed < template.images; changed++) {
      const imagePaths = PICTURES.slice(0, template.images).with(changed, OTHER);
      const others = await at(played(template, { imagePaths }));
      expect(Math.max(...others.map((frame, index) => difference(frame, frames[index])))).toBeGreaterThan(3);
    }
  });
});

test.each(TEMPLATES.filter(({ kind }) => kind === 'video').map(template => [template.name, template] as const))(
  '%s moves from its beginning to its end',
  async (_, template) => {
    const frames = await (await opened(played(template), 1)).at(0, 6, 12, 23);
    for (const [index, frame] of frames.slice(1).entries())
      expect(difference(frame, frames[index])).toBeGreaterThan(0.3);
  },
);

describe('a template that makes a picture', () => {
  const template = TEMPLATES.find(({ kind }) => kind === 'image') ?? TEMPLATES[0];
  if (!template) throw new Error('there is no template');
  const metadata = { AIGC: '{"Label":"1","ContentProducer":"a & b"}', DigitalSourceType: 'http://example/type' };
  const format = { durationSeconds: 1 / 24, width: 640, height: 360, metadata };

  test('delivers one frame as a whole JPEG that carries the label and says what it is', async () => {
    const made = await filmed(played(template), format);
    expect((await probe(made.videoPath)).frames).toBe(1);
    const bytes = readFileSync(made.thumbnailPath);
    const facts = await sharp(made.thumbnailPath).metadata();
    expect(facts).toMatchObject({ format: 'jpeg', width: 640, height: 360, chromaSubsampling: '4:4:4' });
    expect(facts.xmp?.toString('utf8')).toContain('{"Label":"1","ContentProducer":"a &amp; b"}');
    expect(facts.xmp?.toString('utf8')).toContain('<Iptc4xmpExt:DigitalSourceType>http://example/type<');
    const bare = await filmed(played(template), { ...format, label: '' });
    const [labelled, plain] = [await loadImage(bytes), await loadImage(readFileSync(bare.thumbnailPath))];
    expect(cornerDifference(labelled, plain)).toBeGreaterThan(12);
  });
});

function cornerDifference(...images: Awaited<ReturnType<typeof loadImage>>[]): number {
  const [a, b] = images.map(image => {
    const context = createCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(image.width * 0.6, image.height * 0.85, image.width * 0.4, image.height * 0.15).data;
  });
  return difference(a, b);
}
