/** What a recorded call says of the use of a key or an account. Pure. */
import ipaddr from 'ipaddr.js';
import type { AuditEvent } from '../audit/event.ts';
import { momentOf } from '../runtime/ids.ts';

/** What is counted of one call, each as the thing that is different. */
export interface Seen {
  readonly calls?: string;
  readonly starts?: string;
  readonly refused_functions?: string;
  readonly sought_ids?: string;
  readonly refused_texts?: string;
  /** A video whose link was asked for, and whether it is older than a day. */
  readonly links?: string;
  readonly old_links?: string;
}

export interface Use {
  readonly eventId: string;
  readonly accountId: string;
  /** Absent where a person called. */
  readonly keyId?: string;
  /** Epoch ms. */
  readonly at: number;
  readonly network?: string;
  readonly client?: string;
  readonly seen: Seen;
}

const DAY_MS = 24 * 3600_000;
/** What a caller may not do, by its permissions or its standing. */
const REFUSED_FUNCTION = ['no_permission', 'account_restricted'];
const NOT_FOUND = ['not_found', 'image_not_found'];
const REFUSED_TEXT = ['content_refused', 'too_many_refused'];

/** Actions that say of use; all others are changes. */
export const USE_ACTIONS = ['key.used', 'call.made', 'call.refused'] as const;

/** Undefined for what is no call, or of nobody's account. */
export function useOf(event: AuditEvent): Use | undefined {
  const { eventId, accountId, action, actorKind, actorId, address, client } = event;
  if (!(USE_ACTIONS as readonly string[]).includes(action) || accountId === actorId) return undefined;
  const at = Date.parse(event.at);
  const network = networkOf(address);
  const name = clientOf(client);
  const isKey = actorKind === 'key';
  return {
    eventId,
    accountId,
    at,
    ...(isKey && { keyId: actorId }),
    ...(network !== undefined && { network }),
    ...(name !== undefined && { client: name }),
    seen: isKey ? seenOf(event, at) : {},
  };
}

function seenOf({ eventId, action, subject = '', reason = '', detail = {} }: AuditEvent, at: number): Seen {
  const [method = '', route = ''] = subject.split(' ');
  const video = typeof detail.video === 'string' ? detail.video : undefined;
  if (action === 'call.refused') {
    // What a path names is one thing, however often it is asked for; what a body names is another with each call.
    const sought = detail.sought ?? video ?? (method === 'GET' ? subject : eventId);
    return {
      calls: eventId,
      ...(REFUSED_FUNCTION.includes(reason) && { refused_functions: subject }),
      ...(NOT_FOUND.includes(reason) && { sought_ids: String(sought) }),
      ...(REFUSED_TEXT.includes(reason) && { refused_texts: eventId }),
    };
  }
  if (video === undefined) return { calls: eventId };
  if (method === 'POST') return { calls: eventId, ...(!route.endsWith('/cancel') && { starts: eventId }) };
  if (method !== 'GET') return { calls: eventId };
  const isOld = at - momentOf(Number(video.slice('video_'.length))) > DAY_MS;
  return { calls: eventId, links: video, ...(isOld && { old_links: video }) };
}

/** The network of an address: what one provider gives one customer, /24 of IPv4 and /48 of IPv6. */
export function networkOf(address = ''): string | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const found = ipaddr.process(address);
  const bytes = found.toByteArray();
  return found.kind() === 'ipv4'
    ? `${bytes.slice(0, 3).join('.')}.0/24`
    : ipaddr.fromByteArray([...bytes.slice(0, 6), ...Array<number>(10).fill(0)]).toString();
}

/** What a client calls itself, without its version: an update makes no stranger of it. */
export function clientOf(client = ''): string | undefined {
  const [product = ''] = client.trim().split(/[/\s(]/);
  return product === '' ? undefined : product.toLowerCase().slice(0, 40);
}
