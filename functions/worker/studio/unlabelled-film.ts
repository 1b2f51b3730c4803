/**
 * A film as a source for another: the label that we burned into it is lifted, because the new film is labelled anew and two marks in one
 * place, or one that moves with the picture, would be worse than one. A film is taken for ours when its `AIGC` key names our producer and
 * the letters are really there; any other film stays as it is and gets our label over it. Nothing that comes out of here leaves the studio
 * without a label.
 */
import { type FilmReader, type FilmSize, openFilm } from './film-reader.ts';
import type { StudioJob } from './job.ts';
import { type LabelMask, liftLabel, looksLabelled, maskOf } from './label-mask.ts';

/** `openFilm`, without our own label. `job` says what that label and its producer are. Throws StudioError `bad_media`. */
export async function openUnlabelled(
  path: string,
  size: FilmSize,
  job: Pick<StudioJob, 'label' | 'metadata'>,
): Promise<FilmReader> {
  const film = await openFilm(path, size);
  const { text } = job.label;
  const producer = producerOf(job.metadata);
  if (text === '' || producer === undefined || producerOf(film.metadata) !== producer) return film;
  const mask = maskOf(text, film, size);
  if (!looksLabelled(mask, await film.readFrame(0), size.width)) return film;
  return new UnlabelledFilm(film, mask, size.width);
}

class UnlabelledFilm implements FilmReader {
  readonly frames: number;
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  readonly metadata: FilmReader['metadata'];
  private readonly film: FilmReader;
  private readonly mask: LabelMask;
  private readonly stride: number;

  constructor(film: FilmReader, mask: LabelMask, stride: number) {
    this.frames = film.frames;
    this.durationSeconds = film.durationSeconds;
    this.width = film.width;
    this.height = film.height;
    this.metadata = film.metadata;
    this.film = film;
    this.mask = mask;
    this.stride = stride;
  }

  async readFrame(index: number): Promise<Uint8ClampedArray> {
    return liftLabel(this.mask, await this.film.readFrame(index), this.stride);
  }

  async lastFrame(): Promise<Uint8ClampedArray> {
    return liftLabel(this.mask, await this.film.lastFrame(), this.stride);
  }

  sound(sampleRate: number): ReturnType<FilmReader['sound']> {
    return this.film.sound(sampleRate);
  }

  close(): Promise<void> {
    return this.film.close();
  }
}

function producerOf(metadata: Readonly<Record<string, string>>): string | undefined {
  try {
    const mark: unknown = JSON.parse(metadata.AIGC ?? '');
    const producer = (mark as { ContentProducer?: unknown } | null)?.ContentProducer;
    return typeof producer === 'string' && producer !== '' ? producer : undefined;
  } catch {
    return undefined;
  }
}
