import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../support/start-worker.js';
import type { CompileJob, CompileOutcome } from './compile-job.js';

/** Nobody waits longer for what a sentence compiles to. */
const LONGEST_MS = 30_000;
/** A job that was superseded is given up when it has taken that long already. */
const PATIENCE_MS = 1000;

type Request = Omit<CompileJob, 'id'>;
type Answer = (outcome: CompileOutcome | null) => void;

interface Pending {
  readonly key: string;
  readonly request: Request;
  readonly answer: Answer;
}

/**
 * Compiles policies one after the other in a thread of its own. Of requests with the same key only the last is
 * answered; one that fails or takes too long is answered by null.
 */
export class CompileThread {
  #worker: Worker | null = null;
  #nextId = 0;
  readonly #queue: Pending[] = [];
  #current: (Pending & { readonly id: number; readonly sinceMs: number }) | null = null;
  #timer: NodeJS.Timeout | null = null;

  request(key: string, request: Request, answer: Answer): void {
    const waiting = this.#queue.findIndex((pending) => pending.key === key);
    if (waiting !== -1) this.#queue.splice(waiting, 1);
    this.#queue.push({ key, request, answer });
    const current = this.#current;
    if (current?.key === key && performance.now() - current.sinceMs > PATIENCE_MS) this.#giveUp(false);
    this.#next();
  }

  /** Ends the thread; what was asked is not answered any more. */
  async stop(): Promise<void> {
    this.#queue.length = 0;
    this.#current = null;
    this.#clearTimer();
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #next(): void {
    if (this.#current !== null) return;
    const pending = this.#queue.shift();
    if (pending === undefined) return;
    this.#current = { ...pending, id: this.#nextId++, sinceMs: performance.now() };
    this.#timer = setTimeout(() => this.#giveUp(true), LONGEST_MS);
    this.#timer.unref();
    this.#worker ??= this.#start();
    this.#worker.postMessage({ ...pending.request, id: this.#current.id } satisfies CompileJob);
  }

  #start(): Worker {
    // What it prints must not stand in the protocol's stream.
    const worker = startWorker('compile-worker', import.meta.url, { stdout: true, stderr: true });
    worker.unref();
    worker.on('message', (outcome: CompileOutcome) => this.#finish(worker, outcome));
    worker.on('error', () => {
      if (this.#worker === worker) this.#giveUp(true);
    });
    return worker;
  }

  #finish(worker: Worker, outcome: CompileOutcome): void {
    const current = this.#current;
    if (worker !== this.#worker || current?.id !== outcome.id) return;
    this.#done();
    const isSuperseded = this.#queue.some(({ key }) => key === current.key);
    if (!isSuperseded) current.answer(outcome);
    this.#next();
  }

  /** Starts afresh without what is being compiled. */
  #giveUp(answers: boolean): void {
    const current = this.#current;
    void this.#worker?.terminate();
    this.#worker = null;
    this.#done();
    if (answers) current?.answer(null);
    this.#next();
  }

  #done(): void {
    this.#current = null;
    this.#clearTimer();
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
