/** Calls of the PixVerse dialect that read, choose and upload. */
import type { Example } from '../../../http/route.ts';
import { IDS } from './creations.ts';

const LINK = 'https://media.example.com/video.mp4?X-Amz-Expires=900&X-Amz-Signature=…';

export const OTHER_CALLS: Readonly<Record<string, Example>> = {
  videoResult: {
    path: { id: String(IDS.video) },
    answer: {
      ...{ id: IDS.video, status: 1, url: LINK, prompt: 'a lighthouse at dawn, waves', negative_prompt: '', seed: 7 },
      ...{ size: 1284011, style: '', resolution_ratio: 540, outputWidth: 960, outputHeight: 540 },
      ...{ create_time: '2026-11-23T04:13:57.000Z', modify_time: '2026-11-23T04:14:12.512Z', has_audio: true },
      ...{ credits: 35, state: 'succeeded', progress: 100, engine: 'preview', thumbnail_url: LINK, failure: '' },
    },
  },
  imageResult: {
    path: { image_id: String(IDS.picture) },
    answer: {
      ...{ image_id: IDS.picture, id: IDS.picture, status: 5, state: 'generating', url: '', prompt: '', seed: 7 },
      ...{ prompt_translate: '', template_id: 302325299692701, create_time: '2026-11-23T04:15:09.000Z' },
      ...{ modify_time: '2026-11-23T04:15:10.208Z', outputWidth: 0, outputHeight: 0, credits: 10, progress: 30 },
      ...{ engine: '', failure: '' },
      customer_paths: {
        ...{ ext_info: null, agent_info: null, cameo_id_list: null, duration_type: '', fusion_id_list: null },
        ...{ model_evaluator: '', customer_img_paths: [], gen_img_req_img_ids: [IDS.hills] },
      },
    },
  },
  uploadImage: {
    body: { image_url: 'https://images.example.com/hills.jpg' },
    form: { image: '@hills.jpg' },
    answer: { img_id: IDS.hills, img_url: 'https://media.example.com/hills.jpg?X-Amz-Signature=…' },
  },
  uploadMedia: {
    body: { file_url: 'https://films.example.com/dance.mp4' },
    form: { file: '@dance.mp4' },
    answer: {
      ...{ media_id: IDS.film, media_type: 'video', url: LINK, width: 1280, height: 720 },
      ...{ duration: 5, has_audio: true },
    },
  },
  verifyAudio: { body: { audio_media_id: IDS.recording }, answer: {} },
  ttsList: {
    query: { page_num: 1, page_size: 2 },
    answer: {
      total: 15,
      data: [
        { speaker_id: '1', name: 'Emily' },
        { speaker_id: '2', name: 'James' },
      ],
    },
  },
  listSpeakers: {
    query: { speaker_type: 'custom' },
    answer: { total: 1, data: [{ speaker_id: '250474512200471', name: 'Captain', speaker_type: 'custom' }] },
  },
  createSpeaker: {
    body: { name: 'Captain', audio_media_id: IDS.recording },
    answer: { speaker_id: '250474512200471', name: 'Captain' },
  },
  deleteSpeaker: { path: { speaker_id: '250474512200471' }, answer: { speaker_id: '250474512200471' } },
  restyleList: {
    query: { page_num: 1, page_size: 1 },
    answer: {
      total: 12,
      data: [{ restyle_id: 1, restyle_name: 'Anime', description: 'anime, flat cel shading and dark outlines' }],
    },
  },
  effectsList: {
    query: { type: 2, page_size: 1 },
    answer: {
      total: 4,
      effect_items: [
        {
          ...{ template_id: 302325299692701, name: 'Postcard', type: 2, img_count: 1, activated: true },
          description: 'The picture as a printed greeting with stamp and postmark.',
        },
      ],
    },
  },
};
