import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ROUTES as REGISTERED } from '../../functions/contracts.ts';
import { PERMISSIONS, type Route } from '../../functions/platform/route.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const files = globSync('functions/**/*contract.ts', { cwd: ROOT });
const exported = await Promise.all(files.map(async file => Object.entries(await import(join(ROOT, file)))));
/** Contracts also export what they share of bodies. */
const ROUTES = Object.fromEntries(
  exported.flat().filter((entry): entry is [string, Route] => Object(entry[1]).permission !== undefined),
);

describe('the routes', () => {
  it('are each a method and a path that no other has', () => {
    const said = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(said).size).toBe(said.length);
  });

  it('are all in the registry, under their names, and nothing else is', () => {
    expect(Object.keys(REGISTERED).sort()).toEqual(Object.keys(ROUTES).sort());
    for (const [name, route] of Object.entries(REGISTERED)) expect(ROUTES[name]).toBe(route);
  });

  it('use every permission, so that none is granted for nothing', () => {
    expect(new Set(Object.values(ROUTES).map(({ permission }) => permission))).toEqual(new Set(PERMISSIONS));
  });
});

describe.each(Object.entries(ROUTES))('the route %s', (_name, route) => {
  it('lies under its dialect, asks for a permission that exists and has a summary', () => {
    expect(route.path).toMatch(/^\/(openapi\/v2|v1)(\/[a-z_-]+|\/\{[a-z_]+\})+$/);
    expect(PERMISSIONS).toContain(route.permission);
    expect(route.summary).toMatch(/^[A-Z].*\.$/);
  });

  it('takes each parameter of its path as a member', () => {
    const members = Object.keys((route.input as unknown as { shape: object }).shape);
    for (const [, parameter] of route.path.matchAll(/\{([a-z_]+)\}/g)) expect(members).toContain(parameter);
  });
});
