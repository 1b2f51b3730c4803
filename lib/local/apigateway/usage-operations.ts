import { existingKey } from './api-key-operations.ts';
import type { Operation } from './control-plane.ts';
import { DAY_MS, dayOf } from './quota-period.ts';
import { badRequest, notFound, pageOf, readPage, readPatch } from './request-input.ts';
import { existingPlan } from './usage-plan-operations.ts';

/** One call may ask for so many days. */
const MOST_DAYS = 90;

export const getUsage: Operation = ({ plans, keys, usage }, request, [planId]) => {
  const plan = existingPlan(plans, planId);
  const startDate = readDay(request.query.get('startDate'), 'startDate');
  const endDate = readDay(request.query.get('endDate'), 'endDate');
  const span = (Date.parse(endDate) - Date.parse(startDate)) / DAY_MS;
  if (span < 0) throw badRequest('Usage start date must be before the end date');
  if (span > MOST_DAYS) throw badRequest(`Usage can only be retrieved for up to ${MOST_DAYS} days`);
  const page = readPage(request);
  const keyId = request.query.get('keyId');
  const ids = keyId === null ? usage.keysOf(plan.id, startDate, endDate) : [keyId];
  if (keyId !== null && !keys.find(keyId) && !usage.keysOf(plan.id, startDate, endDate).includes(keyId)) {
    throw notFound('Invalid Key identifier specified');
  }
  const rest = ids.filter(id => id > page.after).map(id => ({ id }));
  const { page: items, ...position } = pageOf(rest, page);
  const values = Object.fromEntries(items.map(({ id }) => [id, usage.days(plan, id, startDate, endDate)]));
  return { usagePlanId: plan.id, startDate, endDate, values, ...position };
};

export const updateUsage: Operation = ({ plans, keys, usage, context }, request, [planId, keyId]) => {
  const plan = existingPlan(plans, planId);
  const key = existingKey(keys, keyId);
  if (!plan.quota) throw badRequest('Usage Plan does not have a quota');
  const asked = readPatch(request, ['/remaining']).get('/remaining');
  const remaining = Number(asked);
  if (asked === undefined || asked === '' || !Number.isInteger(remaining) || remaining < 0) {
    throw badRequest('Invalid remaining quota');
  }
  usage.grant(plan, key.id, remaining);
  const today = dayOf(context.clock.now());
  const values = { [key.id]: usage.days(plan, key.id, today, today) };
  return { usagePlanId: plan.id, startDate: today, endDate: today, values };
};

function readDay(text: string | null, name: string): string {
  if (text && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw badRequest(`Invalid ${name}: it should be like 2026-11-22`);
}
