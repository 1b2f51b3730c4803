/** An audit event as the API shows it. Pure. */
import type { z } from 'zod';
import type { auditEventObject } from './contract.ts';
import type { AuditEvent } from './event.ts';

type Shown = z.output<typeof auditEventObject>;

/** All of it, as operators see it. */
export function describeEvent(event: AuditEvent): Shown {
  return {
    ...{ id: event.eventId, object: 'audit.event', at: event.at, action: event.action },
    actor: { kind: event.actorKind, id: event.actorId },
    address: event.address ?? null,
    client: event.client ?? null,
    subject: event.subject ?? null,
    reason: event.reason ?? null,
    detail: { ...event.detail },
  };
}

/** As its owner sees it: what staff did and why, and neither which of them nor from where. */
export function describeToOwner(event: AuditEvent): Shown {
  const shown = describeEvent(event);
  if (!event.actorId.startsWith('staff_')) return shown;
  return { ...shown, actor: { kind: 'person', id: 'staff' }, address: null, client: null };
}
