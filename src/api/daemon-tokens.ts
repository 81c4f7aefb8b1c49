import type { DaemonOptions } from './daemon.js';
import { readToken } from './token-file.js';

/** The bearer tokens of a daemon, as its files had them last: of its own TCP interface, and of the daemons at the ends of its flows. */
export class DaemonTokens {
  readonly #options: Pick<DaemonOptions, 'tcp' | 'flows' | 'log'>;
  #own = '';
  #peers = '';

  constructor(options: Pick<DaemonOptions, 'tcp' | 'flows' | 'log'>) {
    this.#options = options;
  }

  readonly own = (): string => this.#own;

  readonly peers = (): string => this.#peers;

  /** Throws a TokenFileError. */
  read(): void {
    const { tcp, flows } = this.#options;
    if (tcp) this.#own = readToken(tcp.tokenFile);
    if (flows) this.#peers = readToken(flows.tokenFile);
  }

  /** A token can be changed while the daemon runs: one that is wrong leaves the old one. */
  readAgain(): void {
    try {
      this.read();
    } catch (error) {
      this.#options.log.error(`${(error as Error).message}; the old token stays`);
    }
  }
}
