/** Calls of the PixVerse dialect that start something, as a client would send them. A test sends each of them. */
import type { Example } from '../../../http/route.ts';

/** Ids of one account: pictures, a film, a recording, a finished video, a mask of it. */
export const IDS = {
  ...{ hills: 250474010391023, lake: 250474010391187, portrait: 250474010391442, film: 250474155093218 },
  ...{ recording: 250474155093301, video: 250473926504802, mask: '250474230017655-1', picture: 250474301928833 },
} as const;

const started = (credits: number) => ({ video_id: 250474402817364, credits, credit: credits });
const clip = { model: 'v6', duration: 5, quality: '540p' };
const film = { source_video_id: IDS.video };

export const CREATIONS: Readonly<Record<string, Example>> = {
  generateFromText: {
    body: { prompt: 'a lighthouse at dawn, waves', ...clip, aspect_ratio: '16:9', seed: 7 },
    answer: started(35),
  },
  generateFromImage: {
    body: { prompt: 'snow falls, the camera rises', ...clip, img_id: IDS.hills, generate_audio_switch: true },
    answer: started(45),
  },
  transition: {
    body: { prompt: 'summer turns into winter', ...clip, first_frame_img: IDS.hills, last_frame_img: IDS.lake },
    answer: started(35),
  },
  multiTransition: {
    body: {
      ...{ model: 'v5', quality: '540p' },
      multi_transition: [
        { img_id: IDS.hills, duration: 3, prompt: 'clouds gather' },
        { img_id: IDS.lake, duration: 2, prompt: 'it begins to rain' },
        { img_id: IDS.portrait },
      ],
    },
    answer: started(45),
  },
  fusion: {
    body: {
      ...{ prompt: '@her walks along the @lake', ...clip, aspect_ratio: '16:9' },
      image_references: [
        { img_id: IDS.portrait, type: 'subject', ref_name: 'her' },
        { img_id: IDS.lake, type: 'background', ref_name: 'lake' },
      ],
    },
    answer: started(35),
  },
  avatar: {
    body: {
      ...{ img_id: IDS.portrait, quality: '540p' },
      ...{ lip_sync_tts_speaker_id: '1', lip_sync_tts_content: 'Welcome aboard.' },
    },
    answer: started(20),
  },
  imageTemplate: {
    body: { template_id: 302325299692701, img_ids: [IDS.hills] },
    answer: { image_id: IDS.picture, credits: 10, credit: 10 },
  },
  extend: { body: { prompt: 'a boat passes', ...clip, ...film }, answer: started(35) },
  lipSync: {
    body: { ...film, lip_sync_tts_speaker_id: 'Auto', lip_sync_tts_content: 'Land ahead!' },
    answer: started(4),
  },
  soundEffect: { body: { ...film, sound_effect_content: 'waves and gulls' }, answer: started(10) },
  restyle: { body: { ...film, restyle_id: 3 }, answer: started(50) },
  mimic: { body: { video_media_id: IDS.film, img_id: IDS.portrait, quality: '540p' }, answer: started(50) },
  upscale: { body: { ...film, quality: '1080p' }, answer: started(50) },
  maskSelection: {
    body: { ...film, keyframe_id: 1 },
    answer: {
      ...{
        keyframe_id: 1,
        keyframe_url: 'https://media.example.com/frame.jpg?X-Amz-Signature=…',
        credits: 2,
        credit: 2,
      },
      mask_info: [
        { mask_id: IDS.mask, mask_name: 'tower', mask_url: 'https://media.example.com/mask-1.png?X-Amz-Signature=…' },
      ],
    },
  },
  swap: { body: { ...film, mask_id: IDS.mask, img_id: IDS.lake, quality: '540p' }, answer: started(50) },
  modify: {
    body: { ...film, prompt: 'make it night, @img0 on the horizon', quality: '540p', img_ids: [IDS.lake] },
    answer: started(70),
  },
  agent: { body: {} },
  musicVideo: { body: {} },
};
