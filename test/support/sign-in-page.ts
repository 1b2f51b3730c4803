/** The sign-in page of a platform, and the pages of the user pools that it leads to: gone through as a browser goes. */
import { HostedBrowser } from '../../bin/local/hosted-browser.ts';
import type { Platform } from './platform.ts';
import { SignInTab } from './sign-in-tab.ts';

/** Where the platform believes to be, which is on another port in a test. */
const BELIEVED = 'http://127.0.0.1:4480';

export class SignInPage {
  readonly tab: SignInTab;
  /** At the pools' pages, with the cookies of all of them. */
  readonly browser: HostedBrowser;
  readonly #apiUrl: string;
  /** Addresses that its script called. */
  readonly called: string[] = [];

  constructor({ cloud }: Platform) {
    this.#apiUrl = cloud.apiUrl;
    this.browser = new HostedBrowser(cloud.oidcUrl);
    this.tab = new SignInTab({
      address: `${BELIEVED}/sign-in`,
      fetch: async (url, init) => {
        this.called.push(url);
        // A browser names the page's origin where it calls another one, and shows no answer that is not for that.
        const isOther = !url.startsWith(BELIEVED);
        const headers = { ...init?.headers, ...(isOther && { origin: BELIEVED }) };
        const answer = await fetch(url.replace(BELIEVED, this.#apiUrl), { ...init, headers });
        const allowed = answer.headers.get('access-control-allow-origin');
        if (isOther && allowed !== '*' && allowed !== BELIEVED) throw new TypeError('blocked by CORS');
        return answer;
      },
    });
  }

  /** Opens an address of the page, and follows where it leads. */
  async open(address: string): Promise<this> {
    const { search } = new URL(address);
    await this.tab.open(await this.#html(search), search);
    return this.#follow();
  }

  async click(id: string): Promise<this> {
    await this.tab.click(id);
    return this.#follow();
  }

  /** Loads the page where the pools' pages have sent the browser back to. */
  async comeBack(): Promise<this> {
    const { left } = this.browser;
    if (left === undefined) throw new Error(`the browser is still at the pages:\n${this.browser.html}`);
    this.browser.left = undefined;
    if (left.origin + left.pathname !== `${BELIEVED}/sign-in`) throw new Error(`it was sent to ${left}`);
    return this.open(left.href);
  }

  async #follow(): Promise<this> {
    if (this.tab.left !== undefined) await this.browser.open(this.tab.left.href);
    return this;
  }

  async #html(search: string): Promise<string> {
    return (await fetch(`${this.#apiUrl}/sign-in${search}`)).text();
  }
}
