import { Backoff } from './backoff.js';
import type { JsonObject } from './json-frames.js';
import { QmpClient, type QmpOptions } from './qmp-client.js';
import { QmpError } from './qmp-error.js';

export interface QmpSessionOptions extends QmpOptions {
  /** After each connection, the first one included: state may have changed unseen. Must not throw. */
  readonly onConnected?: () => void;
  /** First and longest wait before another attempt, ms. Default 250 and 30,000. */
  readonly retryFirstMs?: number;
  readonly retryLongestMs?: number;
}

/**
 * A monitor that is held for as long as its events are needed, and connected to again when the connection
 * ends. For anything else, connect, ask and close: nobody else can use the monitor while this holds it.
 */
export class QmpSession {
  readonly #path: string;
  readonly #options: QmpSessionOptions;
  readonly #backoff: Backoff;
  #client: QmpClient | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Counts starts and stops: an attempt that began before the latest of them is void. */
  #generation = 0;
  #started = false;

  constructor(path: string, options: QmpSessionOptions = {}) {
    this.#path = path;
    this.#options = options;
    this.#backoff = new Backoff(options.retryFirstMs ?? 250, options.retryLongestMs ?? 30_000);
  }

  /** Starts connecting. Twice is safe. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#generation += 1;
    void this.#connect(this.#generation);
  }

  /** Ends the connection and all attempts. Twice is safe; `start` may follow. */
  stop(): void {
    this.#started = false;
    this.#generation += 1;
    if (this.#timer) clearTimeout(this.#timer);
    this.#client?.close();
    this.#client = null;
  }

  get connected(): boolean {
    return this.#client !== null;
  }

  /** As {@link QmpClient.execute}; rejects at once (`closed`) while there is no connection. */
  execute(command: string, parameters?: JsonObject): Promise<unknown> {
    if (this.#client) return this.#client.execute(command, parameters);
    return Promise.reject(new QmpError('closed', 'there is no connection to the monitor at the moment'));
  }

  async #connect(generation: number): Promise<void> {
    try {
      const client = await QmpClient.connect(this.#path, this.#options);
      if (generation !== this.#generation) return client.close();
      this.#client = client;
      this.#options.onConnected?.();
      const reason = await client.ended;
      // One that greets and then floods would be read again at once, and again.
      if (reason.code !== 'protocol') this.#backoff.succeeded();
    } catch (error) {
      if (!(error instanceof QmpError)) throw error;
    }
    if (generation !== this.#generation) return;
    this.#client = null;
    this.#timer = setTimeout(() => void this.#connect(generation), this.#backoff.failed());
    this.#timer.unref();
  }
}
