/** The frames of what an engine made, whichever engine it was. */
import { SAMPLE_RATE } from './audio-reader.ts';
import type { FrameSource, Render } from './frame-source.ts';
import type { MediaJob } from './job.ts';
import { plainVideo } from './plain-video.ts';
import { openUnlabelled } from './unlabelled-video.ts';

/** Throws MediaError where the file, or what the renderer works on, cannot be used. */
export async function openGenerated(job: MediaJob): Promise<FrameSource> {
  const { video, format, directory } = job;
  if (video.kind === 'file') {
    const reader = await openUnlabelled(video.path, format, job);
    return plainVideo('video', reader, await reader.sound(SAMPLE_RATE));
  }
  const { render } = (await import(video.renderer)) as { render: Render };
  return render(video.source, { format, directory, openVideo: (path, size) => openUnlabelled(path, size, job) });
}
