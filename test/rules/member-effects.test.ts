/** Every member of a creation does what its contract says of it: done, refused, or nothing. Held against what is priced and made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { ENGINE_MODELS } from '../../functions/catalogue/engine-models.ts';
import { priceOf } from '../../functions/catalogue/prices.ts';
import { TEMPLATES } from '../../functions/catalogue/templates.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import type { BodyParser, ResolvedInputs } from '../../functions/generation/pixverse/body-parser.ts';
import * as creations from '../../functions/generation/pixverse/create-contract.ts';
import * as clips from '../../functions/generation/pixverse/create-parsers.ts';
import * as between from '../../functions/generation/pixverse/image-parsers.ts';
import * as work from '../../functions/generation/pixverse/video-contract.ts';
import * as videos from '../../functions/generation/pixverse/video-parsers.ts';
import * as contract from '../../functions/generation/videos/contract.ts';
import {
  changeOf,
  creationOf,
  extensionOf,
  readDeadline,
  wantsDryRun,
} from '../../functions/generation/videos/creation.ts';
import { validate } from '../../functions/http/input.ts';
import type { Route } from '../../functions/http/route.ts';
import { FAMILIES } from '../../functions/routes.ts';
import { engineRequest } from '../../functions/worker/engines/engine-request.ts';
import { sourceOf } from '../../functions/worker/preview/engine.ts';
import { DOCUMENTED, documentedMembers, membersOf, tableIn } from '../support/member-tables.ts';
import { refusalOf } from './refusal-of.ts';

/** What comes of a call: what it costs, what the preview engine draws, and what a neural one would be asked. */
interface Outcome {
  readonly made: unknown;
  readonly neural: unknown;
}
interface Creation {
  readonly route: Route;
  /** Bodies that are taken, in which members count that do not in others. */
  readonly bodies: readonly Readonly<Record<string, unknown>>[];
  readonly outcome: (body: object) => Outcome;
}

const NEURAL = ENGINE_MODELS[0] ?? expect.fail();
const OUTCOME_SEED = 7;

function outcomeOf(request: VideoRequest, credits: number, more: object = {}): Outcome {
  const { quality, durationSeconds, aspectRatio, audio, source, voice, images = [] } = request;
  const size = { width: 960, height: 540 };
  const recording = voice?.kind === 'media' ? voice.id : voice?.sampleId;
  const drawn = sourceOf(request, {
    images: images.map(image => ({ ...image, ...size, path: `/image-${image.id}` })),
    ...(source && {
      video: { path: `/${source.kind}-${source.id}`, ...size, durationSeconds: 5, hasAudio: true },
    }),
    ...(recording !== undefined && { audioPath: `/audio-${recording}` }),
  });
  return {
    made: { drawn, quality, durationSeconds, aspectRatio, audio, model: request.model, credits, ...more },
    neural: engineRequest(NEURAL, request, undefined),
  };
}

const INPUTS: ResolvedInputs = {
  video: { width: 640, height: 360, durationSeconds: 5, hasAudio: true },
  audioSeconds: 4,
};

function pixverse<Input extends z.ZodType<object>>(
  route: Route<Input>,
  parser: BodyParser<z.output<Input>>,
  ...bodies: readonly Readonly<Record<string, unknown>>[]
): Creation {
  return {
    route,
    bodies,
    outcome: body => {
      const read = validate(route.input, body);
      const { source, audioId, ownSpeakerId, masks } = parser.lookups?.(read) ?? {};
      const inputs: ResolvedInputs = {
        ...INPUTS,
        ...(ownSpeakerId !== undefined && { sampleId: Number(ownSpeakerId) }),
        // Masks are what was looked up; who found them where is not what is at issue.
        masks: (masks?.ids ?? []).map(id => ({
          id,
          maskId: id,
          source: source ?? { kind: 'video', id: 1 },
          keyframe: KEYFRAME,
        })),
      };
      const { request, priceInput } = parser.parse(read, inputs, OUTCOME_SEED);
      return outcomeOf(request, priceOf(priceInput), { audioId });
    },
  };
}

/** The frame in which the masks of these calls are. */
const KEYFRAME = 3;
const prompt = 'a lighthouse at dawn';
const clip = { prompt, model: 'v5', duration: 5, quality: '360p' };
const older = { ...clip, model: 'v4' };
const source = { source_video_id: 42 };
const uploaded = { video_media_id: 43 };
const misprinted = { source_media_id: 43 };
const spoken = { lip_sync_tts_speaker_id: '1', lip_sync_tts_content: 'Land ahead!' };
const sounding = {
  ...clip,
  sound_effect_switch: true,
  sound_effect_content: 'waves',
  lip_sync_tts_switch: true,
  ...spoken,
};
const template = TEMPLATES.find(({ kind, images }) => kind === 'video' && images > 1) ?? expect.fail();
const pictures = TEMPLATES.filter(({ kind, images }) => kind === 'image' && images === 1);
const wide = { aspect_ratio: '16:9' };
const newest = { ...clip, model: 'v6' };
const reference = { img_id: 1, type: 'subject', ref_name: 'her' };

const CREATIONS: readonly Creation[] = [
  pixverse(
    creations.generateFromText,
    clips.textParser,
    { ...clip, ...wide },
    { ...older, ...wide },
    { ...sounding, ...wide },
    { ...clip, ...spoken, ...wide },
    { ...newest, ...wide },
    { ...clip, model: 'v3.5', ...wide },
    { ...clip, model: 'v5.5', ...wide },
  ),
  pixverse(
    creations.generateFromImage,
    clips.imageParser,
    { ...clip, img_id: 1 },
    { ...older, img_id: 1 },
    { ...sounding, img_id: 1 },
    { ...clip, ...spoken, img_id: 1 },
    { ...clip, img_ids: [1] },
    { ...newest, img_id: 1 },
    { ...clip, model: 'v3.5', img_id: 1 },
    { ...clip, model: 'v5.5', img_id: 1 },
    { ...clip, template_id: template.id, img_ids: Array.from({ length: template.images }, (_, index) => index + 1) },
  ),
  pixverse(
    creations.transition,
    between.transitionParser,
    ...[clip, older, sounding, { ...clip, ...spoken }, newest, { ...clip, model: 'v5.5' }].map(body => ({
      ...body,
      first_frame_img: 1,
      last_frame_img: 2,
    })),
  ),
  pixverse(creations.multiTransition, between.multiTransitionParser, {
    model: 'v4',
    quality: '360p',
    multi_transition: [{ img_id: 1, duration: 5, prompt }, { img_id: 2 }],
  }),
  pixverse(
    creations.fusion,
    between.fusionParser,
    { ...newest, ...wide, image_references: [reference] },
    { ...clip, model: 'v4.5', ...wide, image_references: [reference] },
  ),
  pixverse(
    creations.avatar,
    clips.avatarParser,
    { img_id: 1, quality: '360p', audio_media_id: 5 },
    { img_id: 1, quality: '360p', ...spoken },
  ),
  pixverse(creations.imageTemplate, clips.imageTemplateParser, { img_ids: [1], template_id: pictures[0]?.id }),
  pixverse(
    work.extend,
    videos.extendParser,
    { ...newest, ...source },
    { ...newest, ...uploaded },
    { ...newest, ...misprinted },
    { ...older, ...source },
    { ...clip, model: 'v3.5', ...source },
  ),
  pixverse(
    work.lipSync,
    videos.lipSyncParser,
    { ...source, audio_media_id: 5 },
    { ...uploaded, ...spoken },
    { ...misprinted, ...spoken },
  ),
  pixverse(
    work.soundEffect,
    videos.soundEffectParser,
    { ...source },
    { ...uploaded, sound_effect_content: 'waves' },
    misprinted,
  ),
  pixverse(
    work.restyle,
    videos.restyleParser,
    { ...source, restyle_id: 1 },
    { ...uploaded, restyle_prompt: 'as clay' },
    { ...misprinted, restyle_id: 1 },
  ),
  pixverse(
    work.mimic,
    videos.mimicParser,
    ...[source, uploaded, misprinted].map(film => ({ ...film, img_id: 1, quality: '360p' })),
  ),
  pixverse(work.upscale, videos.upscaleParser, source, uploaded, misprinted),
  pixverse(work.maskSelection, videos.maskSelectionParser, source, uploaded, misprinted),
  pixverse(
    work.swap,
    videos.swapParser,
    ...[source, uploaded, misprinted].map(film => ({ ...film, mask_id: '7-1-1', img_id: 1, quality: '360p' })),
  ),
  pixverse(
    work.modify,
    videos.modifyParser,
    ...[source, uploaded, misprinted].map(film => ({ ...film, prompt, quality: '360p' })),
    { ...source, prompt: 'put @img0 there', quality: '360p', img_ids: [1] },
    { ...source, prompt: 'make @selection0 red', quality: '360p', mask_ids: ['7-1-1'] },
  ),
  videosDialect(
    contract.createVideo,
    body => creationOf(body, OUTCOME_SEED),
    { prompt },
    { prompt, model: 'v5', seconds: '5' },
  ),
  videosDialect(contract.remixVideo, body => changeOf(body, filmOf(body.id), OUTCOME_SEED), {
    id: 'video_1',
    prompt,
  }),
  videosDialect(contract.editVideo, body => changeOf(body, filmOf(body.video), OUTCOME_SEED), {
    video: { id: 'video_1' },
    prompt,
  }),
  videosDialect(contract.extendVideo, body => extensionOf(body, filmOf(body.video), OUTCOME_SEED), {
    video: { id: 'video_1' },
    prompt,
    seconds: 5,
  }),
];

/** Looked up by its id; a file is stored first. */
function filmOf(video: string | { id: string } | Uint8Array) {
  const id = typeof video === 'string' ? video : 'id' in video ? video.id : '0';
  const reference = { kind: 'video', id: Number(id.replace('video_', '')) } as const;
  return { reference, model: 'v6', quality: '360p', durationSeconds: 5, hasAudio: true } as const;
}

function videosDialect<Input extends z.ZodType<object>>(
  route: Route<Input>,
  read: (body: z.output<Input>) => { request: VideoRequest; credits: number },
  ...bodies: readonly Readonly<Record<string, unknown>>[]
): Creation {
  return {
    route,
    bodies,
    outcome: sent => {
      const body = validate(route.input, sent);
      const { dry_run, deadline_seconds, input_reference, metadata, retention } = body as Record<string, never>;
      const { request, credits } = read(body);
      // The image is fetched by the command, and its id is added.
      const images = input_reference === undefined ? {} : { images: [{ id: 1 }] };
      return outcomeOf({ ...request, ...images }, credits, {
        input_reference,
        metadata,
        retention,
        dryRun: wantsDryRun(dry_run, undefined),
        deadline: readDeadline(deadline_seconds, undefined),
      });
    },
  };
}

const flags = [true, false];
const ids = [1, 2, 42, 43];
/** Values of each member, of which two come to different things in some body that has one of them. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  prompt: ['a lighthouse at dawn', 'a forest in winter', 'put @img0 there', 'make @selection0 red, slowly'],
  model: ['v5', 'v5.6', 'v6', 'v4'],
  duration: [5, 8],
  seconds: ['5', '8'],
  size: ['640x360', '360x640'],
  quality: ['360p', '540p', '720p'],
  aspect_ratio: ['16:9', '1:1'],
  negative_prompt: ['fog'],
  motion_mode: ['normal', 'fast'],
  camera_movement: ['zoom_in', 'zoom_out'],
  style: ['anime', 'clay'],
  seed: [7, 8],
  img_id: ids,
  img_ids: [[1], [2], Array.from({ length: template.images }, (_, index) => index + 5)],
  template_id: TEMPLATES.map(({ id }) => id),
  first_frame_img: ids,
  last_frame_img: ids,
  multi_transition: [
    [{ img_id: 1, duration: 5 }, { img_id: 2 }],
    [{ img_id: 1, duration: 5 }, { img_id: 3 }],
  ],
  image_references: [[reference], [{ ...reference, type: 'background' }]],
  video_references: [[{ ref_name: 'him', source_video_id: 1 }]],
  mask_urls: [['https://host.example/mask.png']],
  source_video_id: ids,
  video_media_id: ids,
  source_media_id: ids,
  audio_media_id: [5, 6],
  lip_sync_tts_speaker_id: ['1', '2', 250474512200471],
  lip_sync_tts_content: ['Land ahead!', 'All hands on deck, and lower the boats.'],
  restyle_id: [1, 2],
  restyle_prompt: ['as clay', 'as a woodcut'],
  sound_effect_content: ['waves', 'gulls'],
  keyframe_id: [1, 2, 3],
  keyframe_ids: [[3], 2],
  mask_id: ['7-1-1', '7-1-2'],
  mask_ids: [['7-1-1'], ['7-1-2']],
  video: [{ id: 'video_1' }, { id: 'video_2' }],
  id: ['video_1', 'video_2'],
  input_reference: [{ file_id: '1' }, { file_id: '2' }],
  deadline_seconds: [60, 120],
  metadata: [{ customer: '42' }, { customer: '43' }],
  retention: [7, 30],
  dry_run: flags,
  audio: flags,
  thinking_type: ['enabled', 'disabled', 'auto'],
  webhook_id: ['1234', 1234, { id: 1 }],
  off_peak_mode: [true, 1, 'true'],
  water_mark: flags,
  play_bgm: flags,
  sound_mode: ['any', true],
  reference_mode: ['omni'],
  user: ['customer-17'],
};
const valuesOf = (name: string): readonly unknown[] => VALUES[name] ?? (name.endsWith('_switch') ? flags : []);

/** What each value comes to in each body; of a value that is refused, nothing. */
function outcomes({ bodies, outcome }: Creation, name: string): { without: Outcome | undefined; taken: Outcome[] }[] {
  return bodies.map(body => {
    const { [name]: _, ...without } = body;
    const tried = (sent: object): Outcome[] => {
      let found: Outcome[] = [];
      return refusalOf(() => (found = [outcome(sent)])) ? [] : found;
    };
    return { without: tried(without)[0], taken: valuesOf(name).flatMap(value => tried({ ...body, [name]: value })) };
  });
}
const distinct = (values: readonly unknown[]): number => new Set(values.map(value => JSON.stringify(value))).size;

const cases = CREATIONS.flatMap(creation =>
  membersOf(creation.route).map(({ name, effect }) => [effect, creation.route.path, name, creation] as const),
);
const ofEffect = (...wanted: string[]) => cases.filter(([effect]) => wanted.includes(effect));

/** They choose nothing: a call that names another frame than that of its masks is refused. */
const CHECKED = ['/openapi/v2/video/swap/generate keyframe_id', '/openapi/v2/video/modify/generate keyframe_ids'];
const isChecked = (path: string, name: string): boolean => CHECKED.includes(`${path} ${name}`);

describe('a member of a creation', () => {
  it.each(ofEffect('done').filter(([, path, name]) => !isChecked(path, name)))(
    'that is %s: %s %s changes what is made, or what it costs',
    (_effect, _path, name, creation) => {
      const found = outcomes(creation, name).map(({ without, taken }) =>
        distinct([...(without ? [without.made] : []), ...taken.map(({ made }) => made)]),
      );
      expect(Math.max(...found)).toBeGreaterThan(1);
    },
  );

  it.each(ofEffect('done').filter(([, path, name]) => isChecked(path, name)))(
    'that is %s: %s %s is held against the masks',
    (_effect, _path, name, creation) => {
      const refusals = creation.bodies.map(body =>
        refusalOf(() => creation.outcome({ ...body, [name]: KEYFRAME + 1 })),
      );
      expect(refusals.some(refusal => refusal?.field === name)).toBe(true);
    },
  );

  it.each(ofEffect('none'))(
    'that has the effect %s: %s %s is taken and changes nothing',
    (_effect, _path, name, creation) => {
      const found = outcomes(creation, name);
      expect(found.flatMap(({ taken }) => taken).length).toBeGreaterThan(0);
      for (const { without, taken } of found) {
        for (const { made } of taken) expect(made).toEqual(without?.made);
      }
    },
  );

  it.each(ofEffect('neural'))('that is %s: %s %s reaches a neural engine alone', (_effect, _path, name, creation) => {
    const found = outcomes(creation, name);
    expect(found.some(({ without, taken }) => distinct([without, ...taken].map(each => each?.neural)) > 1)).toBe(true);
    for (const { without, taken } of found) {
      for (const { made } of taken) expect(made).toEqual(without?.made);
    }
  });

  it.each(ofEffect('refused'))(
    'that is %s: %s %s is refused by its name, and may be left open',
    (_effect, _path, name, creation) => {
      expect(valuesOf(name).length).toBeGreaterThan(0);
      for (const body of creation.bodies) {
        for (const value of valuesOf(name)) {
          const refusal = refusalOf(() => creation.outcome({ ...body, [name]: value }));
          expect(refusal).toMatchObject({ kind: 'invalid_parameter', field: name });
          expect(refusal?.message).toMatch(new RegExp(`^${name} is not offered: .+`));
        }
        for (const open of [undefined, null, '', 0, false, []]) {
          expect(creation.outcome({ ...body, [name]: open })).toEqual(creation.outcome(body));
        }
      }
    },
  );

  it('has an effect that is looked at here, on every route that starts something', () => {
    const starting = FAMILIES.filter(({ dialect }) => dialect !== 'platform')
      .flatMap(({ name, routes }) => (name === 'Not offered' ? [] : Object.values(routes)))
      .filter(({ method, entry }) => method === 'POST' && entry.uses.generations?.includes('start'));
    expect([...new Set(CREATIONS.map(({ route }) => route.path))].sort()).toEqual(
      starting.map(({ path }) => path).sort(),
    );
  });

  it('by which a webhook is named is refused on every route of its dialect that starts something', () => {
    const { paths } = Object.groupBy(ofEffect('refused'), ([, , name]) => (name === 'webhook_id' ? 'paths' : 'others'));
    const starting = CREATIONS.filter(({ route }) => route.path.startsWith('/openapi/v2/'));
    expect(new Set(paths?.map(([, path]) => path))).toEqual(new Set(starting.map(({ route }) => route.path)));
  });
});

describe('a member that the official client has a type for', () => {
  const types = readFileSync(join(import.meta.dirname, '../../node_modules/openai/resources/videos.d.ts'), 'utf8');
  const typed = (name: string): string[] => {
    const [, body = expect.fail(name)] = new RegExp(`interface ${name}[^{]*\\{\\n(.*?)\\n\\}`, 's').exec(types) ?? [];
    return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, member = '']) => member);
  };

  it.each([
    ['VideoCreateParams', contract.createVideo],
    ['VideoRemixParams', contract.remixVideo],
    ['VideoEditParams', contract.editVideo],
    ['VideoExtendParams', contract.extendVideo],
    ['VideoListParams', contract.listVideos],
    ['VideoDownloadContentParams', contract.videoContent],
  ] as const)('in %s is done', (name, route) => {
    const members = new Map(membersOf(route).map(member => [member.name, member.effect]));
    expect(typed(name).length).toBeGreaterThan(0);
    expect(typed(name).map(member => [member, members.get(member)])).toEqual(
      typed(name).map(member => [member, 'done']),
    );
  });
});

describe('the docs', () => {
  it.each(DOCUMENTED)('%s has the table of the members as the contracts have them', (file, dialect) => {
    const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
    expect(tableIn(text), 'node test/support/member-tables.ts writes it').toBe(documentedMembers(dialect));
  });
});
