/** Whether the plan, and the key, cover what is asked for. Pure; said before anything is charged, and in the dry run. */
import type { Plan } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { KeyPrincipal } from '../http/caller.ts';

type Asked = Pick<VideoRequest, 'function' | 'model' | 'quality'>;

/** Why the plan does not cover the request; undefined where it does. Functions without a model or a quality have none to refuse. */
export function refuseBeyondPlan(plan: Plan, { function: made, model, quality }: Asked): Refusal | undefined {
  const remedy = 'ask for another plan: GET /v1/plans lists them';
  const { functions, models, qualities, name } = plan;
  if (functions && !functions.includes(made)) return beyond('function', `plan ${name} has no ${made}; ${remedy}`);
  if (models && model !== '' && !models.includes(model))
    return beyond('model', `plan ${name} has no model ${model}, but ${models.join(', ')}; ${remedy}`);
  if (qualities && !qualities.includes(quality))
    return beyond('quality', `plan ${name} has no ${quality}, but ${qualities.join(', ')}; ${remedy}`);
  return undefined;
}

/** Why the key's scope does not cover the request; undefined where it does. */
export function refuseBeyondScope(scope: KeyPrincipal['scope'], { function: made, model }: Asked): Refusal | undefined {
  const { functions, models } = scope;
  if (functions && !functions.includes(made))
    return beyond('function', `this key may not do ${made}, but ${functions.join(', ')}; use another key`);
  if (models && model !== '' && !models.includes(model))
    return beyond('model', `this key may not use ${model}, but ${models.join(', ')}; use another key`);
  return undefined;
}

function beyond(field: string, words: string): Refusal {
  return new Refusal('no_permission', words, field);
}
