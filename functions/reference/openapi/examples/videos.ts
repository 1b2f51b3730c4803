/** Calls of the Videos dialect. */
import type { Example } from '../../../http/route.ts';

const ID = 'video_250473926504802';

const QUEUED = {
  ...{ id: ID, object: 'video', status: 'queued', progress: 0, model: 'v6', prompt: 'a lighthouse at dawn, waves' },
  ...{ seconds: '4', size: '1280x720', created_at: 1795407237, completed_at: null, expires_at: null, error: null },
  ...{ remixed_from_video_id: null, stage: 'queued', function: 'text_to_video', seed: 7 },
  ...{ estimated_queue_position: null, estimated_start_at: null, deadline_at: null },
  ...{ credits_held: 48, credits_charged: 0, moderation: null },
  provenance: { engine: null, ai_generated: true, digital_source_type: null },
  links: { self: `/v1/videos/${ID}`, events: `/v1/videos/${ID}/events`, cancel: `/v1/videos/${ID}/cancel` },
};
const DONE = {
  ...QUEUED,
  ...{ status: 'completed', progress: 100, completed_at: 1795407252, stage: 'succeeded' },
  ...{ credits_held: 0, credits_charged: 48 },
  provenance: {
    ...{ engine: 'preview', ai_generated: true },
    digital_source_type: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
  },
  links: {
    ...{ self: `/v1/videos/${ID}`, content: `/v1/videos/${ID}/content` },
    thumbnail: `/v1/videos/${ID}/content?variant=thumbnail`,
  },
};
const CANCELLED = {
  ...QUEUED,
  ...{ status: 'failed', stage: 'cancelled', completed_at: 1795407243, credits_held: 0 },
  error: { code: 'cancelled', message: 'it was cancelled; its credits were given back' },
  links: { self: `/v1/videos/${ID}` },
};
/** The video that others are made of. */
export const FROM = 'video_250473911122334';

/** What remixing and editing answer: both change a video. */
const CHANGING = { ...QUEUED, model: 'modify', function: 'modify', remixed_from_video_id: FROM, credits_held: 64 };

export const VIDEOS: Readonly<Record<string, Example>> = {
  createVideo: {
    body: { prompt: 'a lighthouse at dawn, waves', seconds: '4', size: '1280x720', seed: 7 },
    form: { prompt: 'snow falls, the camera rises', seconds: '4', size: '1280x720', input_reference: '@hills.jpg' },
    answer: QUEUED,
  },
  remixVideo: {
    path: { id: FROM },
    body: { prompt: 'the same in a storm' },
    answer: { ...CHANGING, size: 'auto', prompt: 'the same in a storm' },
  },
  editVideo: {
    body: { prompt: 'make it night', video: { id: FROM } },
    answer: { ...CHANGING, size: 'auto', prompt: 'make it night' },
  },
  extendVideo: {
    body: { prompt: 'a boat passes', video: { id: FROM }, seconds: 4 },
    answer: { ...QUEUED, size: 'auto', function: 'extend', prompt: 'a boat passes' },
  },
  listVideos: {
    query: { limit: 1, order: 'desc' },
    answer: { object: 'list', data: [DONE], first_id: ID, last_id: ID, has_more: true },
  },
  retrieveVideo: { path: { id: ID }, answer: DONE },
  videoContent: { path: { id: ID }, query: { variant: 'video' } },
  videoEvents: { path: { id: ID } },
  cancelVideo: { path: { id: ID }, answer: CANCELLED },
  deleteVideo: { path: { id: ID }, answer: { id: ID, object: 'video.deleted', deleted: true } },
};
