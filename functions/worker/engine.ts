/**
 * What makes the pictures. An engine turns a request into a source that the studio can read: a description of frames to
 * draw, or later a file that a model made. The studio labels and encodes every engine's pictures alike.
 */

import type { EngineSourceType } from '../catalogue/source-type.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Inputs } from './inputs.ts';
import type { PreviewSource } from './studio/job.ts';

export interface VideoEngine {
  /** As callers see it in results. */
  readonly name: string;
  /** What the pictures are, in IPTC's digital source types: only a trained model makes `trainedAlgorithmicMedia`. */
  readonly digitalSourceType: EngineSourceType;
  produce(request: VideoRequest, inputs: EngineInputs): Promise<PreviewSource>;
}

export interface EngineInputs extends Inputs {
  /** A folder of this job's alone, deleted afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
}
