import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ASKER_KINDS, type AskerKind, OUTCOMES_KEPT, type Outcome } from '../../rps/running-time/index.js';
import { putFile } from '../../support/put-file.js';

const FILE = 'running-times.json';
const VERSION = 1;
/** Outcomes of so long are written together. */
const WRITE_AFTER_MS = 2000;

export interface OutcomeLog {
  warn(message: string): void;
}

/**
 * The newest outcomes of running times, on disk where there is a directory for it: what intervals are calibrated with
 * outlives a restart. The constructor reads them; what cannot be read is begun anew, and said so.
 */
export class KeptOutcomes {
  readonly #file: string | null;
  readonly #log: OutcomeLog;
  #outcomes: Outcome[];
  #timer: NodeJS.Timeout | null = null;

  constructor(stateDirectory: string | undefined, log: OutcomeLog) {
    this.#file = stateDirectory === undefined ? null : join(stateDirectory, FILE);
    this.#log = log;
    this.#outcomes = this.#read();
  }

  /** Oldest first. */
  get all(): readonly Outcome[] {
    return this.#outcomes;
  }

  add(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length > OUTCOMES_KEPT) this.#outcomes.shift();
    if (this.#file === null) return;
    this.#timer ??= setTimeout(() => this.#write(), WRITE_AFTER_MS).unref();
  }

  /** Writes what is not written yet. Twice is safe. */
  close(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#write();
  }

  #write(): void {
    this.#timer = null;
    if (this.#file === null) return;
    try {
      putFile(this.#file, `${JSON.stringify({ runningTimesVersion: VERSION, outcomes: this.#outcomes })}\n`);
    } catch (error) {
      this.#log.warn(`outcomes of running times are not kept: ${(error as Error).message}`);
    }
  }

  #read(): Outcome[] {
    if (this.#file === null) return [];
    try {
      return parse(readFileSync(this.#file, 'utf8'));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      this.#log.warn(`earlier outcomes of running times are lost: ${this.#file} cannot be read (${message})`);
      return [];
    }
  }
}

/** Throws an Error for anything that {@link KeptOutcomes} did not write. */
function parse(text: string): Outcome[] {
  const document = JSON.parse(text) as { runningTimesVersion?: unknown; outcomes?: unknown } | null;
  const outcomes = document?.outcomes;
  if (document?.runningTimesVersion !== VERSION || !Array.isArray(outcomes) || !outcomes.every(isOutcome)) {
    throw new Error('it is damaged, or of another version of vmc');
  }
  return outcomes.slice(-OUTCOMES_KEPT);
}

function isOutcome(one: unknown): one is Outcome {
  const { kind, workNs, threads, logRatio, scale, level, inside } = (one ?? {}) as Partial<
    Record<keyof Outcome, unknown>
  >;
  const numbers = [workNs, threads, logRatio, scale, level];
  return (
    ASKER_KINDS.includes(kind as AskerKind) &&
    typeof inside === 'boolean' &&
    numbers.every(Number.isFinite) &&
    (workNs as number) > 0 &&
    (scale as number) > 0
  );
}
