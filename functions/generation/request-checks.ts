/**
 * What a request is checked for before anything is stored or charged, in this order: whether the plan, the standing and the key cover it,
 * whether the engine can make it, and whether its texts may be made. Pure.
 */
import type { configuredModel } from '../catalogue/configured-model.ts';
import { checkEngineModel } from '../catalogue/engine-models.ts';
import { PLANS, type Plan, type PlanName } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { refuseByStanding } from '../catalogue/standing-refusals.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import { type Caller, type KeyPrincipal, standingOf } from '../http/caller.ts';
import type { Screening } from '../moderation/screening.ts';
import { type CallerText, screenTexts } from '../moderation/text/screen-text.ts';

/** As far as it is known: a file that was not inspected yet decides the quality of what is made of it. */
type Entitled = Pick<VideoRequest, 'function' | 'model'> & Partial<Pick<VideoRequest, 'quality'>>;

/** Why the caller's plan, standing or key does not cover the request; undefined where all do. */
export function refuseBeyondEntitlement(caller: Caller, request: Entitled): Refusal | undefined {
  const beyondPlan = refuseBeyondPlan(PLANS[caller.plan as PlanName], request);
  const beyond = beyondPlan ?? refuseByStanding(standingOf(caller), request);
  return beyond ?? (caller.kind === 'key' ? refuseBeyondScope(caller.scope, request) : undefined);
}

/** Why the plan does not cover the request; undefined where it does. Functions without a model or a quality have none to refuse. */
export function refuseBeyondPlan(plan: Plan, { function: made, model, quality }: Entitled): Refusal | undefined {
  const remedy = 'ask for another plan: GET /v1/plans lists them';
  const { functions, models, qualities, name } = plan;
  if (functions && !functions.includes(made)) return beyond('function', `plan ${name} has no ${made}; ${remedy}`);
  if (models && model !== '' && !models.includes(model))
    return beyond('model', `plan ${name} has no model ${model}, but ${models.join(', ')}; ${remedy}`);
  if (qualities && quality !== undefined && !qualities.includes(quality))
    return beyond('quality', `plan ${name} has no ${quality}, but ${qualities.join(', ')}; ${remedy}`);
  return undefined;
}

/** Why the plan does not keep a video for as many days as were asked for; undefined where it does. */
export function refuseBeyondRetention(
  { name, retentionDays }: Plan,
  requested: number | undefined,
): Refusal | undefined {
  if (requested === undefined || requested <= retentionDays) return undefined;
  const message = `retention is ${retentionDays} days at most by plan ${name}: ask for fewer, or leave it out`;
  return new Refusal('invalid_parameter', message, 'retention');
}

/** Why the key's scope does not cover the request; undefined where it does. */
export function refuseBeyondScope(
  scope: KeyPrincipal['scope'],
  { function: made, model }: Entitled,
): Refusal | undefined {
  const { functions, models } = scope;
  if (functions && !functions.includes(made))
    return beyond('function', `this key may not do ${made}, but ${functions.join(', ')}; use another key`);
  if (models && model !== '' && !models.includes(model))
    return beyond('model', `this key may not use ${model}, but ${models.join(', ')}; use another key`);
  return undefined;
}

function beyond(field: string, message: string): Refusal {
  return new Refusal('no_permission', message, field);
}

/** The neural model that the stage's engine serves; undefined for the preview engine, which makes every request. */
export type ServedModel = ReturnType<typeof configuredModel>;

/** Why the engine cannot make the request; undefined where it can. */
export function refuseBeyondEngine(served: ServedModel, request: VideoRequest): Refusal | undefined {
  const breach = served && checkEngineModel(request, served.model);
  return breach && new Refusal('invalid_parameter', `${breach.field} ${breach.rule}`);
}

/** What the policy says of the request's texts. */
export function screenRequest(request: VideoRequest): Screening {
  return screenTexts(callerTexts(request));
}

/**
 * Every text of a request that asks for content, under the caller's name for it. The negative prompt is none of them: it
 * says what is not wanted, and its usual words are the very ones that are refused elsewhere.
 */
export function callerTexts({ prompt, voice, sound, look, images = [] }: VideoRequest): CallerText[] {
  const texts: CallerText[] = [
    { field: 'prompt', text: prompt },
    { field: 'lip_sync_tts_content', text: voice?.kind === 'speaker' ? voice.text : '' },
    { field: 'sound_effect_content', text: sound?.prompt ?? '' },
    { field: 'restyle_prompt', text: look && 'prompt' in look ? look.prompt : '' },
    ...images.flatMap(({ name = '', prompt: change = '' }, index) => [
      { field: `image_references.${index}.ref_name`, text: name },
      { field: `multi_transition.${index}.prompt`, text: change },
    ]),
  ];
  // A request may hold one text in two places: the later one has the caller's own name for it.
  return texts.filter(
    ({ text }, index) => text.trim() !== '' && !texts.some((other, later) => later > index && other.text === text),
  );
}
