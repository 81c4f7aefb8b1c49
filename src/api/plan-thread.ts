import type { Worker } from 'node:worker_threads';
import type { Plan } from '../compiler/plan.js';
import type { Source } from '../lang/index.js';
import { startWorker } from '../support/start-worker.js';
import type { AdmissionDocument } from './admission-schema.js';
import type { LoadedPlan } from './load-plan.js';
import { type AdmissionRequest, type CompilerAnswer, errorOf, type PlanRequest } from './plan-protocol.js';

/** A thread that nobody asks for so long ends, and its memory with it. */
const LINGER_MS = 1000;
/** A policy of the largest size takes 300 MB; one that takes more than this must not take the daemon with it. */
const LIMITS = { maxOldGenerationSizeMb: 2048 };

const ENDS = 'the daemon ends';

/** What compiles for the daemon. */
export interface PlanLoader {
  /** Rejects with the errors of `loadPlan` and `planOf`, to be told by their names. */
  load(request: PlanRequest): Promise<LoadedPlan>;
  admit(plan: Plan, request: Source): Promise<AdmissionDocument>;
  /** For good: what is under way or waits is given up, and rejects. Twice is safe. */
  stop(): Promise<void>;
}

/**
 * Compiles one after the other in a thread that there is only meanwhile: the daemon goes on with its steps, and with its guests,
 * however long that takes, and has its memory back when it is over.
 */
export class PlanThread implements PlanLoader {
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #lingering: NodeJS.Timeout | null = null;
  #stopped = false;

  load(request: PlanRequest): Promise<LoadedPlan> {
    return this.#inTurn(request);
  }

  admit(plan: Plan, request: Source): Promise<AdmissionDocument> {
    return this.#inTurn({ kind: 'admission', plan, request });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#end();
  }

  #inTurn<Result>(request: PlanRequest | AdmissionRequest): Promise<Result> {
    const result = this.#last.then(() => this.#ask<Result>(request));
    this.#last = result.catch(() => {});
    return result;
  }

  async #ask<Result>(request: PlanRequest | AdmissionRequest): Promise<Result> {
    if (this.#stopped) throw new Error(ENDS);
    this.#linger(null);
    this.#worker ??= startWorker('plan-worker', import.meta.url, { resourceLimits: LIMITS });
    const worker = this.#worker;
    worker.ref();
    const answer = await answerOf<Result>(worker, request).catch((error: unknown) => {
      if (this.#worker === worker) this.#worker = null;
      throw error;
    });
    // It must not keep a command from ending that has nothing else to do.
    worker.unref();
    if (this.#worker === worker) this.#linger(worker);
    if (answer.kind === 'failed') throw errorOf(answer.error);
    return answer.result;
  }

  async #end(): Promise<void> {
    this.#linger(null);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  /** Ends that thread when it has not been asked for a while; null: none is to be ended. */
  #linger(worker: Worker | null): void {
    if (this.#lingering) clearTimeout(this.#lingering);
    this.#lingering = worker && setTimeout(() => void this.#end(), LINGER_MS).unref();
  }
}

/** Rejects where the thread ends before it answers. */
function answerOf<Result>(worker: Worker, request: unknown): Promise<CompilerAnswer<Result>> {
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: CompilerAnswer<Result>): void => {
      worker.off('error', onError).off('exit', onExit);
      resolve(answer);
    };
    const onError = (error: NodeJS.ErrnoException): void => reject(failure(error));
    const onExit = (): void => reject(new Error(ENDS));
    worker.once('message', onAnswer).once('error', onError).once('exit', onExit);
    worker.postMessage(request);
  });
}

function failure(error: NodeJS.ErrnoException): Error {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new Error(`it takes more than ${LIMITS.maxOldGenerationSizeMb} MB of memory to compile`)
    : error;
}
