/**
 * What makes the video. An engine turns a request into a file, or into frames that a renderer of its own paints. The media pipeline labels
 * and encodes either alike and knows no engine.
 */

import type { EngineSourceType } from '../catalogue/source-type.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Inputs } from './inputs.ts';
import type { GeneratedVideo } from './media/job.ts';

export interface VideoEngine {
  /** As callers see it in results. */
  readonly name: string;
  /** What the video is, in IPTC's digital source types: only a trained model makes `trainedAlgorithmicMedia`. */
  readonly digitalSourceType: EngineSourceType;
  produce(request: VideoRequest, inputs: EngineInputs): Promise<GeneratedVideo>;
}

export interface EngineInputs extends Inputs {
  /** A folder of this job's alone, deleted afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
}
