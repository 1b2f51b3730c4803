/** What every edit is made with: the film, its size and colours, and the chance that the seed gives. */

import type { FollowedMask, StudiedFilm } from '../masks/studied-film.ts';
import type { Picture } from '../picture/open-picture.ts';
import type { Random } from '../random.ts';

export interface Floor {
  readonly film: StudiedFilm;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  readonly seed: number;
  readonly random: Random;
  /** The film's first frame, at the clip's size. */
  readonly first: Picture;
  /** Absolute paths, by number. */
  readonly imagePaths: readonly string[];
}

/** What an edit works on: masks followed through the film; none is the whole frame. */
export type Targets = readonly FollowedMask[];
