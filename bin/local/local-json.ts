/**
 * `local.json` of the data directory: where everything is, and who may come in. Each start writes it whole; what an
 * earlier one wrote may be cut, of an earlier version, or changed by hand, and is believed only as far as it reads well.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from '../../lib/local/replace-file.ts';

export const ROLES = ['developer', 'reviewer', 'operator', 'finance'] as const;

export type RoleName = (typeof ROLES)[number];

const Authenticator = z.object({ secret: z.string().min(1), lastStep: z.number() });

const Person = z.object({
  email: z.string().min(1),
  password: z.string().min(1),
  poolId: z.string().min(1),
  clientId: z.string().min(1),
  /** As the pool knows it. */
  subject: z.string().min(1),
  /** Staff sign in at the pages alone. */
  pages: z.object({ issuer: z.string(), callback: z.string() }).exactOptional(),
  /** Staff have one from their first sign-in on. */
  authenticator: Authenticator.exactOptional(),
});

export type LocalPerson = Readonly<z.infer<typeof Person>>;
export type LocalPeople = Readonly<Record<RoleName, LocalPerson>>;

export interface Developer {
  readonly accountId: string;
  readonly apiKey: string;
}

/** What is written for tools and people. */
export interface LocalJson extends Developer {
  readonly apiUrl: string;
  readonly awsEndpoints: Readonly<Record<string, string>>;
  /** Who can sign in, by role. */
  readonly people: LocalPeople;
  readonly region: string;
  /** What the stacks name, such as an operator's functions, by the name of the output. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What an earlier start left of what cannot be made again. */
export interface Remembered {
  readonly developer: Developer | undefined;
  readonly people: Partial<LocalPeople>;
}

const KnownDeveloper = z.object({ accountId: z.string().min(1), apiKey: z.string().regex(/^[\x21-\x7e]+$/) });
const KnownPeople = z.object({ people: z.record(z.string(), z.unknown()) });

export function localJsonOf(dataDir: string): string {
  return join(dataDir, 'local.json');
}

export function remembered(dataDir: string): Remembered {
  const stored = read(localJsonOf(dataDir));
  const people = KnownPeople.safeParse(stored).data?.people ?? {};
  const known = ROLES.flatMap(role => {
    const person = Person.safeParse(people[role]).data;
    return person ? [[role, person] as const] : [];
  });
  return { developer: KnownDeveloper.safeParse(stored).data, people: Object.fromEntries(known) };
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Readable by its owner alone: it holds a key and credentials. */
export function writeLocalJson(dataDir: string, local: LocalJson): void {
  replaceFile(localJsonOf(dataDir), `${JSON.stringify(local, null, 2)}\n`, 0o600);
}
