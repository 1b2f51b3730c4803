/** Which video a call is about, for who looks the call up. Pure. */

interface Answered {
  /** As its contract writes it. */
  readonly route: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>> | null;
  /** What it was answered with; undefined where it was refused. */
  readonly body?: unknown;
}

/** Routes whose path names a video. */
const NAMED_IN_PATH = /^\/v1\/videos\/\{id\}|^\/openapi\/v2\/(?:video|image)\/result\/\{/;
const FORM = /^(?:video_)?([1-9]\d{0,15})$/;

/** `video_` and its number; undefined where it is about none, or not about one alone. */
export function videoOf({ route, pathParameters, body }: Answered): string | undefined {
  const named = NAMED_IN_PATH.test(route) ? (pathParameters?.id ?? pathParameters?.image_id) : undefined;
  const [, number] = FORM.exec(String(named ?? startedBy(body) ?? '')) ?? [];
  return number === undefined ? undefined : `video_${number}`;
}

/** The id in the answer of a call that starts a video, in either dialect. */
function startedBy(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  const { id, object, video_id, image_id } = body as Readonly<Record<string, unknown>>;
  return object === 'video' ? id : (video_id ?? image_id);
}
