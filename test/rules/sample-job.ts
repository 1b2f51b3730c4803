/** A request and a job, as whole as admission makes them. */
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import type { Job } from '../../functions/generation/job.ts';

export const REQUEST: VideoRequest = {
  function: 'text_to_video',
  model: 'v5',
  prompt: 'a lighthouse',
  negativePrompt: '',
  durationSeconds: 5,
  quality: '540p',
  aspectRatio: '16:9',
  seed: 7,
  audio: false,
  style: '',
  cameraMovement: '',
  motion: 'normal',
};

export const jobOf = (change: Partial<Job> = {}): Job => ({
  accountId: 'acct_1',
  jobId: 250473926504802,
  state: 'queued',
  request: REQUEST,
  credits: 45,
  keyId: 'key_1',
  createdAt: '2026-11-23T12:00:00.000Z',
  updatedAt: '2026-11-23T12:01:00.000Z',
  attempt: 0,
  progress: 0,
  ...change,
});
