import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../replace-file.ts';
import type { CloudContext } from '../service.ts';
import type { Challenges, Codes } from './challenges.ts';
import type { Federations } from './federations.ts';
import type { MessageTemplate, Pool, Pools } from './pools.ts';
import type { SigningKeys, Tokens } from './tokens.ts';
import type { Memberships, Users } from './users.ts';

/** Everything that Cognito knows, for whoever answers: the API and the pages. */
export interface Cognito {
  readonly context: CloudContext;
  readonly pools: Pools;
  readonly users: Users;
  readonly memberships: Memberships;
  readonly codes: Codes;
  readonly challenges: Challenges;
  readonly federations: Federations;
  readonly keys: SigningKeys;
  readonly tokens: Tokens;
  readonly mail: Mail;
}

// Hands messages to whatever sends mail; where nothing does, each is a file that a person can read.

interface Mail {
  /** Fills the code, and the username, into the template. */
  send(pool: Pool, to: string, template: MessageTemplate, values: { code: string; username?: string }): Promise<void>;
}

export function createMail({ ports, dataDir, clock }: CloudContext): Mail {
  const deliver = async (message: { from: string; to: string; subject: string; text: string }): Promise<void> => {
    if (ports.sendMail) return void (await ports.sendMail(message));
    const folder = join(dataDir, 'mail');
    mkdirSync(folder, { recursive: true });
    const name = `${clock.now()}-${message.to.replace(/[^\w.@+-]/g, '_')}.eml`;
    const head = [`From: ${message.from}`, `To: ${message.to}`, `Subject: ${message.subject}`];
    replaceFile(join(folder, name), [...head, '', message.text, ''].join('\r\n'));
  };
  return {
    send(pool, to, template, { code, username = to }) {
      const fill = (text: string): string => text.replaceAll('{####}', code).replaceAll('{username}', username);
      return deliver({ from: pool.from, to, subject: fill(template.subject), text: fill(template.text) });
    },
  };
}
