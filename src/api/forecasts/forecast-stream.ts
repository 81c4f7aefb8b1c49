import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { HEARTBEAT_MS } from '../open-streams.js';
import { type Problem, ProblemError, problem, problemOf } from '../problem.js';
import { type ForecastQuery, type ForecastSignals, gone } from './forecast-query.js';
import type { ForecastTexts } from './forecast-texts.js';

export interface ForecastStreamOptions {
  /** Whose headers are written. */
  readonly response: ServerResponse;
  readonly query: ForecastQuery;
  readonly signals: ForecastSignals;
  readonly texts: ForecastTexts;
  readonly log: FastifyBaseLogger;
  /** Between two comments while nothing else is said. Default {@link HEARTBEAT_MS}. */
  readonly heartbeatMs?: number;
}

/**
 * One forecast for each sample, to one reader. Nothing is queued for a reader that is slower than samples come: when he has taken one
 * forecast the newest follows, with the number of those that were skipped. Whoever takes nothing for 30 s is cut off, as on every
 * connection.
 */
export class ForecastStream {
  readonly #response: ServerResponse;
  readonly #query: ForecastQuery;
  readonly #signals: ForecastSignals;
  readonly #texts: ForecastTexts;
  readonly #log: FastifyBaseLogger;
  #revision: number | null = null;
  /** What was written last is not with the kernel yet. */
  #writing = false;
  /** Forecasts that there were since the one that was written last. */
  #waiting = 0;

  constructor({ response, query, signals, texts, log, heartbeatMs = HEARTBEAT_MS }: ForecastStreamOptions) {
    this.#response = response;
    this.#query = query;
    this.#signals = signals;
    this.#texts = texts;
    this.#log = log;
    const heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref();
    response.once('close', () => clearInterval(heartbeat));
  }

  /** To be called once at the beginning, and after each round of samples. */
  update(): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    const revision = this.#signals.revision(this.#query.signal);
    if (revision !== null && revision === this.#revision) return;
    this.#revision = revision;
    this.#waiting += 1;
    if (revision === null) this.#end(problemOf(gone(this.#query.signal)));
    else if (!this.#writing) this.#sendNewest();
  }

  #sendNewest(): void {
    const skipped = this.#waiting - 1;
    this.#waiting = 0;
    try {
      const forecast = this.#texts.text(this.#query);
      this.#write(`event: forecast\ndata: {"skipped":${skipped},"forecast":${forecast}}\n\n`);
    } catch (error) {
      // Whoever samples must not fail for a reader.
      if (!(error instanceof ProblemError)) this.#log.error(error, 'a forecast could not be sent');
      this.#end(error instanceof ProblemError ? problemOf(error) : problem('bug', BUG));
    }
  }

  #write(text: string): void {
    this.#writing = true;
    this.#response.write(text, (error) => {
      this.#writing = false;
      if (!error && this.#waiting > 0 && !this.#response.writableEnded) this.#sendNewest();
    });
  }

  /** Where something is still being written the reader has enough to wait for. */
  #beat(): void {
    if (!this.#writing && !this.#response.writableEnded) this.#write(':\n\n');
  }

  #end(why: Problem): void {
    this.#response.end(`event: end\ndata: ${JSON.stringify({ problem: why })}\n\n`);
  }
}

const BUG = 'the daemon’s log has the details';
