import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

it.each(globSync('test/journeys/**/*.test.ts', { cwd: ROOT }))(
  '%s is at work on the platform of its process, or says first why it has one of its own',
  file => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const [comment = ''] = text.match(/^\/\*\*.*?\*\//s) ?? [];
    const shares = text.includes('Platform.shared(');
    const starts = /\b(?:Platform|Started|Rehearsal)\.start\(|\bShop\.open\(|\bnew CrashCourse\(/.test(text);
    expect({ shares, starts, why: comment.replace(/\n \*/g, '').includes('A platform of its own: ') }).toEqual({
      shares,
      starts: !shares,
      why: !shares,
    });
  },
);
