/**
 * How callers say who they are, and what each must be allowed. OpenAPI 3.1 lets any scheme name roles; all that one
 * requirement names are needed, so that each role of which one is enough is a requirement of its own. Pure.
 */
import { rolesOf } from '../../http/access.ts';
import type { Route } from '../../http/route.ts';
import type { OpenApi, Operation } from './model.ts';

export const SCHEMES: OpenApi['components']['securitySchemes'] = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'API-KEY',
    description: 'A key, as clients of PixVerse send it. What is named is the permission that it must have.',
  },
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key, as clients of the Videos API send it. What is named is the permission that it must have.',
  },
  person: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'The access token of a person who signed in. What is named is the role: `developer` of an account, or `reviewer`, `operator` or `finance` of the platform.',
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'stripe-signature',
    description: 'By which Stripe signs the body. No caller of the API has one.',
  },
};

export function securityOf(route: Route): Operation['security'] {
  const { permission } = route;
  const keys = permission ? [{ apiKey: [permission] }, { bearer: [permission] }] : [];
  return [...keys, ...rolesOf(route).map(role => ({ person: [role] }))];
}
