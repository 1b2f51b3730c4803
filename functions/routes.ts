/**
 * Every route of the API, in the families in which a reader looks for them. The functions and methods of API Gateway, the
 * OpenAPI document, the reference page and the tests that walk all routes read this.
 */
import { AGREED } from './accounts/agreements-contract.ts';
import { ACCOUNTS } from './accounts/contract.ts';
import { ALERT_LIST } from './alerts/contract.ts';
import { AUDIT_TRAIL } from './audit/contract.ts';
import { CERTIFICATE_PAGES } from './certificates/contract.ts';
import { STANDINGS } from './enforcement/contract.ts';
import { ENFORCEMENT } from './enforcement/operators-contract.ts';
import { REPORT_LIST } from './finance/contract.ts';
import { CHOICES } from './generation/pixverse/choices-contract.ts';
import { CREATION, NOT_OFFERED } from './generation/pixverse/create-contract.ts';
import { RESULTS } from './generation/pixverse/results-contract.ts';
import { VIDEO_CHANGES, VIDEO_WORK } from './generation/pixverse/video-contract.ts';
import { VIDEO_CREATION, VIDEOS } from './generation/videos/contract.ts';
import { MODEL_LIST } from './generation/videos/models-contract.ts';
import type { Family, OpenRoute, Route } from './http/route.ts';
import { INVOICES } from './invoices/contract.ts';
import { KEYS } from './keys/contract.ts';
import { BOOKINGS } from './payments/bookings-contract.ts';
import { PAYMENTS } from './payments/contract.ts';
import { stripeWebhook } from './payments/webhook-contract.ts';
import { QUALIFICATIONS } from './qualification/contract.ts';
import { OPERATORS } from './qualification/operators-contract.ts';
import { PAGES } from './reference/contract.ts';
import { EXPORTING } from './retention/exports-contract.ts';
import { FROZEN_KEYS } from './risk/contract.ts';
import { RISK_CASES } from './risk/operators-contract.ts';
import { HELPING } from './support/contract.ts';
import { TERMINATION } from './termination/contract.ts';
import { UPLOADS } from './uploads/contract.ts';
import { PLANS_AND_LIMITS } from './usage/limits-contract.ts';
import { CREDITS } from './usage/pixverse-contract.ts';
import { USE_AND_MONEY } from './usage/usage-contract.ts';

export const FAMILIES: readonly Family[] = [
  CREATION,
  VIDEO_WORK,
  VIDEO_CHANGES,
  RESULTS,
  UPLOADS,
  CHOICES,
  CREDITS,
  NOT_OFFERED,
  VIDEO_CREATION,
  VIDEOS,
  MODEL_LIST,
  ACCOUNTS,
  AGREED,
  QUALIFICATIONS,
  STANDINGS,
  TERMINATION,
  OPERATORS,
  ENFORCEMENT,
  RISK_CASES,
  HELPING,
  KEYS,
  FROZEN_KEYS,
  PAYMENTS,
  INVOICES,
  ALERT_LIST,
  BOOKINGS,
  PLANS_AND_LIMITS,
  AUDIT_TRAIL,
  EXPORTING,
  USE_AND_MONEY,
  REPORT_LIST,
];

export const ROUTES: Readonly<Record<string, Route>> = Object.assign({}, ...FAMILIES.map(({ routes }) => routes));

/** What asks for neither a key nor a token, by the name of the operation. */
export const OPEN_ROUTES: Readonly<Record<string, OpenRoute>> = { ...PAGES, ...CERTIFICATE_PAGES, stripeWebhook };
