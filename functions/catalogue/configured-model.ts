/**
 * The neural model that the environment's engine serves: for the worker that drives it, and for admission, which refuses
 * what it cannot do before anything is charged. Pure.
 */
import { ENGINE_KINDS, ENGINE_MODELS, type EngineKind, type EngineModel } from './engine-models.ts';

export interface ModelSettings {
  /** `preview` or nothing, `vllm-omni`, `sglang`. */
  readonly ENGINE?: string | undefined;
  /** By its id in engine-models.ts. */
  readonly ENGINE_MODEL?: string | undefined;
}

/** Undefined for the preview engine, which has no limits of a model; throws an Error that names the wrong variable. */
export function configuredModel(settings: ModelSettings): { engine: EngineKind; model: EngineModel } | undefined {
  const { ENGINE: name = '', ENGINE_MODEL: id = '' } = settings;
  if (name === '' || name === 'preview') return undefined;
  const engine = ENGINE_KINDS.find(known => known === name);
  if (!engine) throw new Error(`ENGINE is ${JSON.stringify(name)}; it must be preview, ${ENGINE_KINDS.join(' or ')}`);
  const served = ENGINE_MODELS.filter(({ engines }) => engines.includes(engine));
  const model = served.find(known => known.id === id);
  if (model) return { engine, model };
  const said = id === '' ? 'ENGINE_MODEL is not set' : `ENGINE_MODEL is ${JSON.stringify(id)}`;
  throw new Error(`${said}; with ENGINE=${engine} it must be one of ${served.map(known => known.id).join(', ')}`);
}
