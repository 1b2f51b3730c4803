import { describe, expect, it } from 'vitest';
import { MODELS } from '../../functions/catalogue/models.ts';
import {
  CLIP_PRICES,
  EXTRA_PRICES,
  FUNCTION_PRICES,
  MULTI_TRANSITION_PRICE,
  PRICE_SOURCES,
  SECOND_PRICES,
} from '../../functions/catalogue/price-table.ts';
import { type PriceInput, priceOf } from '../../functions/catalogue/prices.ts';
import { QUALITIES, type Quality } from '../../functions/catalogue/video-request.ts';
import { type AllowedQuery, allowedQueries, withExtras } from './allowed-queries.ts';

const priced = ({ duration, ...query }: AllowedQuery): PriceInput => ({ ...query, durationSeconds: duration });
const clip = (
  model: string,
  quality: Quality,
  durationSeconds: number,
  more: Partial<PriceInput> = {},
): PriceInput => ({
  model,
  quality,
  durationSeconds,
  audio: false,
  soundEffect: false,
  motion: 'normal',
  ...more,
});
const ASKS = allowedQueries().filter(({ aspectRatio }) => aspectRatio === undefined);

describe('a price', () => {
  it('is a whole number above zero for every combination that the matrix allows', () => {
    for (const query of allowedQueries().flatMap(withExtras)) {
      const price = priceOf(priced(query));
      expect(Number.isSafeInteger(price) && price > 0, JSON.stringify(query)).toBe(true);
    }
  });

  it.each(MODELS.map(({ name }) => name))('of %s rises with every second', model => {
    for (const quality of QUALITIES) {
      const asks = ASKS.filter(query => query.model === model && query.quality === quality);
      const prices = asks.map(query => priceOf(priced(query)));
      expect(prices).toEqual([...new Set(prices)].sort((a, b) => a - b));
    }
  });

  it.each(MODELS.map(({ name }) => name))('of %s never falls with quality', model => {
    for (const query of ASKS.filter(({ model: name }) => name === model)) {
      const prices = QUALITIES.flatMap(quality =>
        ASKS.filter(other => other.model === model && other.quality === quality && other.duration === query.duration),
      ).map(other => priceOf(priced(other)));
      expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    }
  });

  it('is higher with sound, with a sound effect and with fast motion, where those are offered', () => {
    const extras = ASKS.flatMap(query =>
      withExtras(query).filter(({ audio, soundEffect, motion }) => audio || soundEffect || motion === 'fast'),
    );
    for (const query of extras) {
      const plain = { ...query, audio: false, soundEffect: false, motion: 'normal' as const };
      expect(priceOf(priced(query)), JSON.stringify(query)).toBeGreaterThan(priceOf(priced(plain)));
    }
    expect(extras.length).toBeGreaterThan(50);
  });

  it('does not exist for what no row has', () => {
    expect(() => priceOf(clip('v5', '540p', 6))).toThrow('no price for v5 540p 6 s');
    expect(() => priceOf(clip('v4', '1080p', 8))).toThrow(RangeError);
    expect(() => priceOf(clip('v7', '540p', 5))).toThrow(RangeError);
    expect(() => priceOf(clip('constructor', '540p', 5))).toThrow(RangeError);
  });
});

describe('the price table', () => {
  const rows = [...CLIP_PRICES, ...EXTRA_PRICES, ...SECOND_PRICES, ...FUNCTION_PRICES, MULTI_TRANSITION_PRICE];

  it('says of every row where its number is from', () => {
    expect(rows.length).toBeGreaterThan(50);
    for (const row of rows) expect(Object.keys(PRICE_SOURCES), JSON.stringify(row)).toContain(row.source);
    expect(new Set(rows.map(({ source }) => source))).toEqual(new Set(Object.keys(PRICE_SOURCES)));
  });

  it('has one row for a thing', () => {
    const clips = CLIP_PRICES.flatMap(({ models, quality, motion, seconds }) =>
      models.map(model => `${model} ${quality} ${motion} ${seconds}`),
    );
    const functions = FUNCTION_PRICES.map(row => `${row.function} ${row.unit} ${row.quality}`);
    const seconds = SECOND_PRICES.map(({ model, quality }) => `${model} ${quality}`);
    for (const things of [clips, functions, seconds]) expect(new Set(things).size).toBe(things.length);
  });
});

describe('the published prices are kept', () => {
  it.each([
    ['v5', '360p', 5, 45],
    ['v5', '360p', 8, 90],
    ['v5', '540p', 5, 45],
    ['v5', '540p', 8, 90],
    ['v5', '720p', 5, 60],
    ['v5', '720p', 8, 120],
    ['v5', '1080p', 5, 120],
    ['v5', '1080p', 8, 240],
    ['v4.5', '540p', 5, 45],
    ['v4', '720p', 8, 120],
    ['v3.5', '1080p', 5, 120],
    ['v5.5', '360p', 5, 45],
    ['v5.5', '540p', 8, 90],
    ['v5.5', '540p', 10, 99],
    ['v6', '720p', 1, 9],
    ['v6', '720p', 5, 45],
    ['v6', '1080p', 15, 270],
    ['c1', '360p', 5, 30],
    ['c1', '540p', 10, 80],
    ['c1', '720p', 15, 150],
    ['c1', '1080p', 5, 95],
  ] as const)('%s %s %d s silent: %d', (model, quality, duration, price) => {
    expect(priceOf(clip(model, quality, duration))).toBe(price);
  });

  it.each([
    ['v5.5', '540p', 5, 55],
    ['v5.5', '360p', 8, 100],
    ['v5.5', '540p', 10, 109],
    ['v6', '720p', 5, 60],
    ['v6', '1080p', 5, 115],
    ['c1', '360p', 5, 40],
    ['c1', '540p', 5, 50],
    ['c1', '720p', 5, 65],
    ['c1', '1080p', 5, 120],
  ] as const)('%s %s %d s with sound: %d', (model, quality, duration, price) => {
    expect(priceOf(clip(model, quality, duration, { audio: true }))).toBe(price);
  });

  it.each([
    ['v3.5', '360p', 90],
    ['v4', '540p', 90],
    ['v4.5', '720p', 120],
  ] as const)('%s %s 5 s in fast motion: %d', (model, quality, price) => {
    expect(priceOf(clip(model, quality, 5, { motion: 'fast' }))).toBe(price);
  });

  it.each([
    [5, 10],
    [8, 20],
  ])('a sound effect under %d s: %d more', (duration, more) => {
    const silent = clip('v5', '540p', duration);
    expect(priceOf({ ...silent, soundEffect: true }) - priceOf(silent)).toBe(more);
  });
});
