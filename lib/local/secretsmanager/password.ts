/** Generates a password by the options of Secrets Manager. Randomness is an argument. */

/** Evenly one of 0 to `limit` - 1. */
export type RandomBelow = (limit: number) => number;

const ALPHABETS = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  space: ' ',
};

export interface PasswordRules {
  readonly types: Readonly<Partial<Record<keyof typeof ALPHABETS, boolean | undefined>>>;
  /** Characters that may not be in it. */
  readonly without: string;
  /** 1 to 4096. */
  readonly length: number;
  /** At least one character of each type. */
  readonly everyType: boolean;
}

/** The password, or which option makes one impossible. */
export function generatePassword(
  { types, without, length, everyType }: PasswordRules,
  below: RandomBelow,
): string | { readonly option: string; readonly why: string } {
  if (!Number.isInteger(length) || length < 1 || length > 4096) {
    return { option: 'PasswordLength', why: `should be 1 to 4096, not ${length}` };
  }
  const names = Object.keys(ALPHABETS) as (keyof typeof ALPHABETS)[];
  const alphabets = names
    .filter(name => types[name])
    .map(name => [...ALPHABETS[name]].filter(character => !without.includes(character)));
  const all = alphabets.flat();
  if (all.length === 0 || (everyType && alphabets.some(alphabet => alphabet.length === 0))) {
    return { option: 'ExcludeCharacters', why: 'leaves no character of a type that the password should have' };
  }
  if (everyType && alphabets.length > length) {
    return { option: 'PasswordLength', why: `is too short for ${alphabets.length} types of characters` };
  }
  const required = everyType ? alphabets : [];
  const characters = Array.from({ length }, (_, index) => one(required[index] ?? all, below));
  // Shuffled, so that nobody knows which type stands first.
  for (let last = characters.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [characters[last], characters[other]] = [characters[other] as string, characters[last] as string];
  }
  return characters.join('');
}

function one(alphabet: readonly string[], below: RandomBelow): string {
  return alphabet[below(alphabet.length)] as string;
}
