/**
 * What the neural engines' servers have in common, and no more than that: create, read, download, cancel. Two dialects of
 * `/v1/videos` speak it. Engines hold no truth: a job of theirs may be forgotten at any time.
 */

/** All that is ever sent to an engine: a closed list, in the model's own terms. Nothing of a caller's passes beside it. */
export interface EngineRequest {
  readonly model: string;
  readonly prompt: string;
  /** Empty for the model's own. */
  readonly negativePrompt: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: number;
  readonly seconds: number;
  readonly seed: number;
  readonly audio: boolean;
}

/** The image to move. Its bytes are uploaded: an engine is given neither a URL nor a path to read. */
export interface EngineImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: 'image/png';
}

export interface EngineJob {
  readonly id: string;
  /** `unknown` is a status that the server's version adds: it runs until the deadline. `gone` is a job forgotten. */
  readonly status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'unknown' | 'gone';
  /** 0 to 100, as far as the engine says. */
  readonly progress: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly timings?: {
    readonly inferenceSeconds?: number;
    readonly peakMemoryMb?: number;
    readonly stageSeconds?: Readonly<Record<string, number>>;
  };
}

/** Every call rejects with EngineTrouble, or with the reason of its signal. */
export interface EngineClient {
  create(request: EngineRequest, image: EngineImage | undefined, signal: AbortSignal): Promise<EngineJob>;
  get(id: string, signal: AbortSignal): Promise<EngineJob>;
  /** Writes the clip to `path`; `not_ready` where the server has none yet, or does not know the job any more. */
  content(id: string, path: string, signal: AbortSignal): Promise<'saved' | 'not_ready'>;
  /** Stops a job that runs. The server may take its time over it. */
  cancel(id: string, signal: AbortSignal): Promise<void>;
  /** Removes an ended job and its file. */
  remove(id: string, signal: AbortSignal): Promise<void>;
  /** Resolves where the server answers; whether it can make a clip is another question. */
  health(signal: AbortSignal): Promise<void>;
}

export type TroubleKind =
  /** No connection was made: nothing was asked for. */
  | 'not_sent'
  /** The connection broke: what was asked for may have been done. */
  | 'no_answer'
  /** A server error, or too many requests. */
  | 'unwell'
  /** The server will not do it, whoever asks again. */
  | 'refused'
  /** It does not accept the key: whoever brings another may be served. */
  | 'key_refused'
  /** A body that is not what it says: too short, too long, no JSON. */
  | 'garbled';

/** What went wrong with one call. */
export class EngineTrouble extends Error {
  override readonly name = 'EngineTrouble';
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
