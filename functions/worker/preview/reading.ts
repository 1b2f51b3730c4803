/** A prompt read as a shooting direction. Pure: the same words and seed always give the same direction. */
import { type CameraMove, chooseMove } from './camera-moves.ts';
import { type Color, hex } from './color.ts';
import { chooseFamily, type Family, flatteringHour, type Hour } from './families.ts';
import { Random } from './random.ts';
import {
  COLOR_WORDS,
  HOUR_WORDS,
  MOOD_WORDS,
  type Mood,
  PROP_WORDS,
  type Prop,
  WEATHER_WORDS,
  type Weather,
} from './vocabulary.ts';
import { holds, mentioned, plain } from './words.ts';

export interface Direction {
  readonly family: Family;
  readonly hour: Hour;
  readonly weather: ReadonlySet<Weather>;
  readonly props: ReadonlySet<Prop>;
  /** The colours named, in the order of the table; at most three. */
  readonly colors: readonly Color[];
  readonly moods: ReadonlySet<Mood>;
  readonly move: CameraMove;
  readonly fast: boolean;
  readonly style: string;
  /** The prompt as `plain` made it, for what only one family asks about. */
  readonly text: string;
}

const NEON: readonly Color[] = [hex('#c23ab4'), hex('#3346c8')];

/** Reads `prompt` for a scene of its own; `style`, `cameraMovement` and `motion` are the API's fields of those names. */
export function readPrompt(request: {
  readonly prompt: string;
  readonly seed: number;
  readonly style?: string;
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
}): Direction {
  const text = plain(`${request.prompt} ${request.style === 'cyberpunk' ? 'cyberpunk' : ''}`);
  const family = chooseFamily(text);
  const hours = mentioned(text, HOUR_WORDS);
  const props = new Set(mentioned(text, PROP_WORDS));
  const colors = Object.entries(COLOR_WORDS)
    .filter(([word]) => holds(text, word))
    .map(([, color]) => color);
  return {
    family,
    // When a prompt names several hours, day is the weakest claim ("a bright night") and is last in the table.
    hour: hours[0] ?? flatteringHour(family, new Random(request.seed, 'hour')),
    weather: new Set(mentioned(text, WEATHER_WORDS)),
    props,
    // Neon lights its own street: magenta and blue, unless other colours are named.
    colors: (colors.length === 0 && props.has('neon') ? NEON : colors).slice(0, 3),
    moods: new Set(mentioned(text, MOOD_WORDS)),
    move: chooseMove(text, request.cameraMovement),
    fast: request.motion === 'fast',
    style: request.style ?? '',
    text,
  };
}
