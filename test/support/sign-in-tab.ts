/** A tab of a browser with the sign-in page in it: runs the page's own script on as much of a document as that uses. */
import { webcrypto } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';

/** What the script does with an element. */
interface Part {
  textContent: string;
  hidden: boolean;
  href: string;
  readonly focus: () => void;
  readonly addEventListener: (event: 'click', work: () => Promise<void>) => void;
}

interface Tab {
  /** The address without what stands behind `?`. */
  readonly address: string;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Milliseconds; the machine's clock where absent. */
  readonly now?: () => number;
}

export class SignInTab {
  readonly #tab: Tab;
  readonly #storage = new Map<string, string>();
  #parts = new Map<string, Part>();
  #clicks = new Map<string, () => Promise<void>>();
  /** What its timer does. */
  tick = (): void => {};
  /** Where the page sends the browser. */
  left: URL | undefined;
  /** Whether the page it left is among those one goes back to. */
  isBehind = false;
  focused = '';
  copied = '';
  /** What stands behind `?` once the page has looked at it. */
  search = '';

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Loads the page, as after a link to it, and waits until it has nothing more to do. */
  async open(page: string, search = ''): Promise<this> {
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
    const [, settings = ''] = / data-sign-in="([^"]*)"/.exec(page) ?? [];
    this.#parts = new Map();
    this.#clicks = new Map();
    for (const [tag, id = ''] of page.matchAll(/<[a-z0-9]+[^>]* id="([^"]+)"[^>]*>/g))
      this.#parts.set(id, this.#part(id, / hidden[ >]/.test(tag)));
    this.left = undefined;
    this.search = search;
    const { origin, pathname } = new URL(this.#tab.address);
    const go = (isBehind: boolean) => (url: string) => {
      this.left = new URL(url);
      this.isBehind = isBehind;
    };
    const storage = this.#storage;
    const now = this.#tab.now ?? Date.now;
    class TabDate extends Date {
      static override now = now;
    }
    const world = createContext({
      document: {
        title: '',
        body: { dataset: { signIn: settings.replaceAll('&quot;', '"').replaceAll('&amp;', '&') } },
        getElementById: (id: string) => this.part(id),
      },
      location: { origin, pathname, search, assign: go(true), replace: go(false), reload: () => {} },
      history: {
        replaceState: (_state: null, _title: string, path: string) => {
          this.search = new URL(path, origin).search;
        },
      },
      sessionStorage: {
        getItem: (name: string) => storage.get(name) ?? null,
        setItem: (name: string, value: string) => storage.set(name, value),
        removeItem: (name: string) => storage.delete(name),
      },
      navigator: {
        clipboard: {
          writeText: async (text: string) => {
            this.copied = text;
          },
        },
      },
      fetch: this.#tab.fetch,
      crypto: webcrypto,
      Date: TabDate,
      URL,
      URLSearchParams,
      TextEncoder,
      TextDecoder,
      AbortSignal,
      btoa,
      atob,
      addEventListener: () => {},
      setInterval: (work: () => void) => {
        this.tick = work;
      },
    });
    // It ends with what it does at first.
    await runInContext(script, world);
    return this;
  }

  async click(id: string): Promise<this> {
    await this.#clicks.get(id)?.();
    return this;
  }

  part(id: string): Part {
    const found = this.#parts.get(id);
    if (!found) throw new Error(`the page has nothing named ${id}`);
    return found;
  }

  text(id: string): string {
    return this.part(id).textContent;
  }

  /** Which of its two parts is seen. */
  get seen(): string[] {
    return ['out', 'in', 'own'].filter(id => !this.part(id).hidden);
  }

  /** What it keeps in the tab, as text. */
  get kept(): string {
    return JSON.stringify([...this.#storage]);
  }

  #part(id: string, hidden: boolean): Part {
    return {
      textContent: '',
      hidden,
      href: '',
      focus: () => {
        this.focused = id;
      },
      addEventListener: (_event, work) => {
        this.#clicks.set(id, work);
      },
    };
  }
}
