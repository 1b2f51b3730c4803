import type { Ports } from './service.ts';

/** The ports as engines provide them; one that nobody provides throws where it is asked for. */
export class ProvidedPorts implements Ports {
  #provided: Partial<Ports>;

  constructor(provided: Partial<Ports> = {}) {
    this.#provided = provided;
  }

  provide(ports: Partial<Ports> = {}): void {
    this.#provided = { ...this.#provided, ...ports };
  }

  get invokeFunction(): Ports['invokeFunction'] {
    return this.#required('invokeFunction');
  }

  get sendMessage(): Ports['sendMessage'] {
    return this.#required('sendMessage');
  }

  get readStream(): Ports['readStream'] {
    return this.#required('readStream');
  }

  get writeLog(): Ports['writeLog'] {
    return this.#provided.writeLog;
  }

  get sendMail(): Ports['sendMail'] {
    return this.#provided.sendMail;
  }

  #required<Name extends 'invokeFunction' | 'sendMessage' | 'readStream'>(name: Name): Ports[Name] {
    const port = this.#provided[name];
    if (!port) throw new Error(`no engine provides ${name}`);
    return port;
  }
}
