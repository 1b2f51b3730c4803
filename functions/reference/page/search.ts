/**
 * The search of the reference. Every word that is asked for must be in an entry; what it is called counts more than its
 * members, and those more than its description. Pure.
 */
import { MODELS } from '../../catalogue/models.ts';
import type { Schema } from '../openapi/model.ts';
import { namesOf } from './members.ts';
import { resultOf } from './operation-view.ts';
import { explained } from './problems.ts';
import type { Placed, Site } from './site.ts';

/** Characters of a query: more are no search. */
export const QUERY_LENGTH = 100;
/** More are not read. */
const MOST_FOUND = 40;
const MOST_MEMBERS = 5;

interface Entry {
  readonly title: string | Placed;
  readonly href: string;
  readonly words: string;
  readonly called: string;
  readonly members: readonly string[];
  readonly described: string;
}

export interface Found {
  /** In words, or the call that it is. */
  readonly title: string | Placed;
  readonly href: string;
  readonly words: string;
  /** Names of members that have one of the words. */
  readonly members: readonly string[];
}

export function find(site: Site, query: string): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = entriesOf(site).flatMap(entry => {
    const scores = words.map(word => scoreOf(entry, word));
    return scores.includes(0) ? [] : [{ entry, score: scores.reduce((sum, score) => sum + score, 0) }];
  });
  return found
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST_FOUND)
    .map(({ entry: { title, href, words: said, members } }) => ({
      title,
      href,
      words: said,
      members: members.filter(name => words.some(word => name.toLowerCase().includes(word))).slice(0, MOST_MEMBERS),
    }));
}

/** 0 where the word is nowhere. What is called so and nothing else counts most, then a whole name in what it is called, then a part of one. */
function scoreOf({ called, members, described }: Entry, word: string): number {
  const name = called.toLowerCase();
  if (name === word) return 40;
  if (name.split(/[^\w]+/).includes(word)) return 20;
  if (name.includes(word)) return 10;
  if (members.some(member => member.toLowerCase() === word)) return 6;
  if (members.some(member => member.toLowerCase().includes(word))) return 4;
  return described.toLowerCase().includes(word) ? 1 : 0;
}

/** By site, since it is the same for every query. */
const known = new WeakMap<Site, readonly Entry[]>();

function entriesOf(site: Site): readonly Entry[] {
  const entries = known.get(site) ?? [...operations(site), ...objects(site), ...refusals(site), ...models(site)];
  known.set(site, entries);
  return entries;
}

function operations({ sections, links, document }: Site): Entry[] {
  return sections.flatMap(({ name, operations: own }) =>
    own.map((placed): Entry => {
      const { method, path, operation } = placed;
      const { operationId, summary, description, parameters, requestBody } = operation;
      const bodies = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema ?? {});
      const result = resultOf(operation);
      const choices = (result?.anyOf ?? (result ? [result] : [])).map(
        choice => (choice.$ref && document.components.schemas[choice.$ref.split('/').at(-1) ?? '']) || choice,
      );
      const schemas = [...bodies, ...choices];
      return {
        title: placed,
        href: links.operation(operationId),
        words: summary,
        called: `${method} ${path} ${operationId} ${name} ${summary}`,
        members: [...new Set([...parameters.map(each => each.name), ...schemas.flatMap(namesOf)])],
        described: [description, ...parameters.map(each => each.description ?? ''), ...schemas.map(wordsOf)].join(' '),
      };
    }),
  );
}

/** The descriptions of members. */
function wordsOf({ properties = {} }: Schema): string {
  return Object.values(properties)
    .map(({ description = '' }) => description)
    .join(' ');
}

function objects({ document, links }: Site): Entry[] {
  return Object.entries(document.components.schemas).map(([name, schema]) => ({
    title: name,
    href: links.object(name),
    words: schema.description ?? '',
    called: name,
    members: namesOf(schema),
    described: `${schema.description ?? ''} ${wordsOf(schema)}`,
  }));
}

function refusals({ links }: Site): Entry[] {
  return explained().map(({ code, errCodes, meaning }) => ({
    title: code,
    href: links.refusal(code),
    words: meaning,
    called: `${code} ${errCodes.join(' ')}`,
    members: [],
    described: meaning,
  }));
}

function models({ links }: Site): Entry[] {
  return MODELS.map(({ name, functions }) => ({
    title: name,
    href: links.models(),
    words: 'A model.',
    called: name,
    members: [],
    described: functions.join(' ').replaceAll('_', ' '),
  }));
}
