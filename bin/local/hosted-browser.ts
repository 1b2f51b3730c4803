/** A browser without script: follows redirects with its cookies, and submits the forms of the page it is on. */

export class HostedBrowser {
  readonly #cookies = new Map<string, { value: string; path: string }>();
  #url = '';
  html = '';
  status = 0;
  /** Where the pages sent the browser on to: outside of them. */
  left: URL | undefined;
  /** A page that it does not open although it is inside. */
  stopAt: string | undefined;
  readonly #inside: string;

  /** `inside` begins the address of every page that it opens; a redirect to another is where it stops. */
  constructor(inside: string) {
    this.#inside = inside;
  }

  async open(url: string, init: RequestInit = {}): Promise<this> {
    if (!url.startsWith(this.#inside) || (this.stopAt !== undefined && url.startsWith(this.stopAt))) {
      this.left = new URL(url);
      return this;
    }
    const { pathname } = new URL(url);
    const sent = [...this.#cookies].filter(([, { path }]) => pathname.startsWith(path));
    const cookie = sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    this.#url = url;
    this.status = response.status;
    this.html = await response.text();
    const location = response.headers.get('location');
    return location ? this.open(new URL(location, url).href) : this;
  }

  /** Fills the form that has this action, and sends it. */
  async submit(action: string, fields: Record<string, string> = {}): Promise<this> {
    const forms = this.html.match(/<form[\s\S]*?<\/form>/g) ?? [];
    const form = forms.find(text => text.includes(`name="action" value="${action}"`));
    if (!form) throw new Error(`no form ${action} on the page:\n${this.html}`);
    const body = new URLSearchParams();
    for (const [input] of form.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1] ?? '';
      body.set(name, fields[name] ?? /value="([^"]*)"/.exec(input)?.[1]?.replaceAll('&#38;', '&') ?? '');
    }
    for (const name of Object.keys(fields)) if (!body.has(name)) throw new Error(`the form has no field ${name}`);
    return this.open(this.#url, { method: 'POST', body });
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find(text => /^path=/i.test(text))?.slice(5) ?? '/';
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, { value, path });
  }
}
