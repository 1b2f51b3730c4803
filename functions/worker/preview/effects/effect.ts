/** What an effect is: the caller's pictures and a frame in, a moving picture out. A still effect is filmed for one frame, the last of its movement. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { ClipFormat } from '../../media/frame-source.ts';
import type { Random } from '../random.ts';

export interface EffectSetting {
  /** As many as the template takes. */
  readonly imagePaths: readonly [string, ...string[]];
  readonly format: ClipFormat;
  readonly random: Random;
  /** The prompt as `plain` made it; most effects hear only colours in it. */
  readonly text: string;
}

/** `progress` is 0 on the first frame and 1 on the last; `seconds` is the clip's time. */
export type Painter = (context: SKRSContext2D, progress: number, seconds: number) => void;

/** Opens the pictures; throws MediaError `bad_image`. */
export type Effect = (setting: EffectSetting) => Promise<Painter>;
