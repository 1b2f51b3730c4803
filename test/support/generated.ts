/** What the media pipeline gets from an engine in tests: a file as it is, or a source of the preview engine. */
import type { GeneratedVideo } from '../../functions/worker/media/job.ts';
import type { PreviewSource } from '../../functions/worker/preview/source.ts';

export type TestSource = PreviewSource | Extract<GeneratedVideo, { kind: 'file' }>;

const RENDERER = new URL('../../functions/worker/preview/render.ts', import.meta.url).href;

export function generated(source: TestSource): GeneratedVideo {
  return source.kind === 'file' ? source : { kind: 'frames', renderer: RENDERER, source };
}
