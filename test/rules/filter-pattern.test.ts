import { describe, expect, test } from 'vitest';
import { readFilterPattern } from '../../lib/local/logs/filter-pattern.ts';

const holds = (pattern: string, message: string) => readFilterPattern(pattern)(message);

describe('a pattern of terms', () => {
  test.each([
    ['', 'anything', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['ERROR timeout', 'ERROR: a timeout', true],
    ['ERROR timeout', 'ERROR alone', false],
    ['?ERROR ?WARN', 'WARN', true],
    ['?ERROR ?WARN', 'INFO', false],
    ['ERROR -retry', 'ERROR final', true],
    ['ERROR -retry', 'ERROR retry', false],
    ['"two words"', 'the two words', true],
    ['"two words"', 'two other words', false],
    ['"a \\"quoted\\" one"', 'a "quoted" one', true],
    ['%4[0-9]{2}%', 'status 404', true],
    ['%4[0-9]{2}%', 'status 504', false],
  ])('%s on "%s" is %s', (pattern, message, expected) => {
    expect(holds(pattern, message)).toBe(expected);
  });
});

describe('a pattern of JSON', () => {
  const message = JSON.stringify({ level: 'ERROR', ms: 250, ok: false, none: null, at: { list: [{ id: 'job_7' }] } });
  test.each([
    ['{ $.level = "ERROR" }', true],
    ['{ $.level = ERROR }', true],
    ['{ $.level = "ERR*" }', true],
    ['{ $.level != "ERROR" }', false],
    ['{ $.ms > 200 && $.ms <= 250 }', true],
    ['{ $.ms < 200 || $.ok IS FALSE }', true],
    ['{ ($.ms < 200 || $.ok IS FALSE) && $.level = "INFO" }', false],
    ['{ $.none IS NULL }', true],
    ['{ $.other NOT EXISTS }', true],
    ['{ $.other != "x" }', false],
    ['{ $.at.list[0][\'id\'] = "job_*" }', true],
    ['{ $.at.list[0].id = %^job_[0-9]+$% }', true],
    ['{ $.ms = 250 }', true],
    ['{ $.ms = "2*" }', false],
  ])('%s is %s', (pattern, expected) => {
    expect(holds(pattern, message)).toBe(expected);
    expect(holds(pattern, 'no JSON')).toBe(false);
  });
});

test.each([
  '[a, b]',
  '{ $.level = "x"',
  '{ level = 1 }',
  '{ $.a > b }',
  '{ ($.a = 1 }',
  '"open',
  'a/b',
  '%(%',
  'x'.repeat(1025),
])('the pattern %s is refused', pattern => {
  expect(() => readFilterPattern(pattern)).toThrow('Invalid filter pattern');
});
