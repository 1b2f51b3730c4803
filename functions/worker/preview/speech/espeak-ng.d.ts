/** As much of the package as is used; it brings no types of its own. */

declare module 'espeak-ng' {
  export interface Espeak {
    readonly FS: {
      writeFile(path: string, content: string): void;
      readFile(path: string): Uint8Array;
    };
  }

  /** Runs espeak-ng's command line once, in an instance and a file system of its own. */
  export default function start(settings: {
    arguments: string[];
    preRun: ((espeak: Espeak) => void)[];
    print: (line: string) => void;
    printErr: (line: string) => void;
  }): Promise<Espeak>;
}
