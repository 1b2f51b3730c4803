/**
 * What is wrong with a member, in words of this API: those of the validator, which would change with its version, are
 * shown to nobody. Where a contract has words of its own, those stand. Pure.
 */
import type { z } from 'zod';

/** For zod, which asks where the contract has no words. */
export function breachWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `it must be ${typeInWords(issue.expected)}`;
    case 'too_small':
      return `it must ${boundInWords(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `it must ${boundInWords(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'invalid_value':
      return `it must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return formatInWords(issue.format);
    case 'not_multiple_of':
      return `it must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `${issue.keys[0]} is not a member of it`;
    case 'invalid_union':
      return unionInWords(issue.errors);
    default:
      return 'it is not what the reference describes';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  int: 'an integer',
  map: 'an object',
  object: 'an object',
  record: 'an object',
};

/** `a string`, `an integer`. */
export function typeInWords(type: string): string {
  return TYPES[type] ?? (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
}

const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'items', set: 'items', map: 'members' };

function boundInWords(origin: string, relation: string, bound: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined ? `be ${relation} ${bound}` : `have ${relation} ${bound} ${unit}`;
}

function formatInWords(format: string): string {
  if (format === 'url') return 'it must be a URL, with http:// or https://';
  if (format === 'email') return 'it must be an e-mail address';
  return 'it does not have the form that the reference describes';
}

/** What is wrong by the form that it was closest to; what forms there are, where it is of another type than each. */
function unionInWords(forms: readonly (readonly z.core.$ZodIssue[])[]): string {
  const firsts = forms.flatMap(([first]) => first ?? []);
  const closest = firsts.find(({ code, path }) => code !== 'invalid_type' || path.length > 0);
  if (closest) return [...closest.path.map(String), closest.message].join(' ');
  const types = firsts.flatMap(issue => (issue.code === 'invalid_type' ? typeInWords(issue.expected) : []));
  return `it must be ${[...new Set(types)].join(' or ')}`;
}
