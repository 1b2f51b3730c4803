/**
 * The fenced blocks of README.md and docs/, as a reader would use them. The first word of a block says what it is:
 *
 * - `sh` with lines that begin with `$ `: a session. What stands below a command is what it prints. A page has one shell.
 * - `sh` without such lines, `js`, `ts`, `python`: a program. A block of `text` right below it is what it prints.
 *
 * `not-run: <reason>` behind that word is for what cannot run here; the reasons are few. Pure.
 */

export interface Block {
  /** `docs/samples.md:12`: the line of its fence. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** Why it is not run; undefined where it is. */
  readonly notRun?: string;
}

/** One command of a session, and what is printed; undefined where the page says nothing of that. */
export interface Command {
  readonly text: string;
  readonly prints?: string;
}

export type Step =
  | { readonly kind: 'command'; readonly place: string; readonly command: Command }
  | {
      readonly kind: 'program';
      readonly place: string;
      readonly language: ProgramLanguage;
      readonly text: string;
      readonly prints?: string;
    };

export const PROGRAM_LANGUAGES = ['sh', 'js', 'ts', 'python'] as const;
export type ProgramLanguage = (typeof PROGRAM_LANGUAGES)[number];

/** What a page may say is missing here. A test that runs the block in this one's stead is named instead. */
export const REASONS = [
  'a list of folders',
  'needs an AWS account',
  'needs a GPU server',
  'needs version 2 of the aws CLI',
] as const;
export const RUN_ELSEWHERE = /^(test\/\S+\.test\.ts) runs it$/;

export function blocksOf(page: string, name: string): Block[] {
  const lines = page.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', info] = /^( *)```(.*)$/.exec(lines[at] ?? '') ?? [];
    if (info === undefined) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === '```');
    if (end < 0) throw new Error(`${name}:${at + 1}: the block has no end`);
    const [, language = '', notRun] = /^(\w*)(?: +not-run: +(.+?))? *$/.exec(info) ?? [];
    if (language === '') throw new Error(`${name}:${at + 1}: say what the block is: sh, js, ts, python, text or json`);
    const text = lines.slice(at + 1, end).map(line => line.slice(indent.length));
    blocks.push({
      place: `${name}:${at + 1}`,
      language,
      text: `${text.join('\n')}\n`,
      ...(notRun !== undefined && { notRun }),
    });
    at = end;
  }
  return blocks;
}

/** What is to be run of a page, in its order. Throws for a block that is neither run nor what another prints. */
export function stepsOf(blocks: readonly Block[]): Step[] {
  const steps: Step[] = [];
  for (const [index, { place, language, text, notRun }] of blocks.entries()) {
    if (notRun !== undefined) continue;
    if (language === 'text') {
      const before = blocks[index - 1];
      if (before && programLanguage(before)) continue;
      throw new Error(`${place}: what prints this? A program stands right above what it prints`);
    }
    if (language === 'sh' && /^\$ /m.test(text)) {
      for (const command of commandsOf(text, place)) steps.push({ kind: 'command', place, command });
      continue;
    }
    const program = programLanguage({ language, text });
    if (program === undefined)
      throw new Error(`${place}: a block of ${language} is not run here: say why, or write it otherwise`);
    const next = blocks[index + 1];
    const prints = next?.language === 'text' && next.notRun === undefined ? next.text : undefined;
    steps.push({ kind: 'program', place, language: program, text, ...(prints !== undefined && { prints }) });
  }
  return steps;
}

/** Undefined for a session, and for what is not run. */
function programLanguage({
  language,
  text,
  notRun,
}: Pick<Block, 'language' | 'text' | 'notRun'>): ProgramLanguage | undefined {
  if (notRun !== undefined || (language === 'sh' && /^\$ /m.test(text))) return undefined;
  return PROGRAM_LANGUAGES.find(name => name === language);
}

function commandsOf(text: string, place: string): Command[] {
  const commands: { lines: string[]; prints: string[] }[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const last = commands.at(-1);
    if (last && last.prints.length === 0 && goesOn(last.lines)) last.lines.push(line);
    else if (line.startsWith('$ ')) commands.push({ lines: [line.slice(2)], prints: [] });
    else if (last) last.prints.push(line);
    else throw new Error(`${place}: the session does not begin with a command`);
  }
  return commands.map(({ lines, prints }) => {
    const printed = prints.join('\n').trim();
    return { text: lines.join('\n'), ...(printed !== '' && { prints: printed }) };
  });
}

/** Whether a shell would wait for more: the line is continued, or a quote is open. */
function goesOn(lines: readonly string[]): boolean {
  const text = lines.join('\n');
  const quotes = text.replace(/\\./g, '').split("'").length - 1;
  return /\\$/.test(text) || quotes % 2 === 1;
}
