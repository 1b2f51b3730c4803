/** An audit event as the API shows it. Pure. */
import type { z } from 'zod';
import type { auditEventObject } from './contract.ts';
import type { AuditEvent } from './event.ts';

export function describeEvent(event: AuditEvent): z.output<typeof auditEventObject> {
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
