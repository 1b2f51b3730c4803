/** The project's source files as text, with what each imports; for the tests of the architecture. */
import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, posix } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Import {
  /** A file's path from the project's root, a package's name with its subpath, or `node:` and a name. */
  readonly target: string;
  /** Whether nothing of it is there when the program runs. */
  readonly typesOnly: boolean;
}

export interface Source {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

/** All TypeScript under these folders, in the order of their paths. */
export function sourcesOf(...folders: string[]): Source[] {
  return folders
    .flatMap(folder => globSync('**/*.ts', { cwd: join(ROOT, folder) }).map(path => `${folder}/${path}`))
    .map(path => path.replaceAll('\\', '/'))
    .sort()
    .map(path => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, lines: text.trimEnd().split('\n').length, imports: importsOf(path, text) };
    });
}

/** What a file imports or exports from: static, dynamic, and in types. */
export function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text);
  const found = [
    ...code.matchAll(/^\s*(?:import|export)\s(?<clause>[^'"`;=]*?)\bfrom\s*['"](?<specifier>[^'"]+)['"]/gm),
    ...code.matchAll(/^\s*import\s*(?<clause>)['"](?<specifier>[^'"]+)['"]/gm),
    ...code.matchAll(/\b(?:import|require)\s*\(\s*(?<clause>)['"`](?<specifier>[^'"`]+)['"`]/g),
  ];
  return found.map(({ groups: { clause = '', specifier = '' } = {} }) => ({
    target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
    typesOnly: isOfTypes(clause.trim()),
  }));
}

function isOfTypes(clause: string): boolean {
  if (/^type\s/.test(clause)) return true;
  const names =
    /^\{(.*)\}$/s
      .exec(clause)?.[1]
      ?.split(',')
      .map(name => name.trim())
      .filter(Boolean) ?? [];
  return names.length > 0 && names.every(name => name.startsWith('type '));
}

/** The source without its comments; one behind code stays where it holds a quote, as that may be a text's end. */
export function withoutComments(text: string): string {
  return text
    .replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, '')
    .replace(/^[ \t]*\/\/.*$/gm, '')
    .replace(/[ \t]\/\/[^'"`\n]*$/gm, '');
}

/** What Node takes away to run the file: its types, and nothing else. Throws where types cannot be taken away alone. */
export function erasedBy(text: string): string {
  const left = stripTypeScriptTypes(text);
  return text
    .split('')
    .map((unit, at) => (left[at] === unit && unit !== '\n' ? ' ' : unit))
    .join('');
}
