import { type FileVersion, fileVersion, watchForChanges } from '../api/watch-file.js';
import type { CommandResult, Context } from './command.js';
import { CommandError } from './command-error.js';

/** Editors write in several steps: this long after a change it is all there. */
const SETTLE_MS = 100;
const KEPT_ALIVE_MS = 60_000;
/** Clears the screen and what has scrolled off it, and goes to its top (ECMA-48, xterm). */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/**
 * Runs something at once and again whenever one of the files changes, or one that they import, and prints what it
 * answers, until SIGINT or SIGTERM. `run` tells of each further file just before it reads it. A terminal is cleared before
 * each run; nothing else is.
 */
export async function watchRuns(
  files: readonly string[],
  context: Context,
  run: (watchToo: (file: string) => void) => CommandResult,
): Promise<void> {
  const watching = new Watching(files, context, run);
  await watching.untilInterrupted();
}

class Watching {
  readonly #files: readonly string[];
  readonly #context: Context;
  readonly #run: (watchToo: (file: string) => void) => CommandResult;
  #seen: ReadonlyMap<string, FileVersion> = new Map();
  #pending: NodeJS.Timeout | null = null;

  constructor(
    files: readonly string[],
    context: Context,
    run: (watchToo: (file: string) => void) => CommandResult,
  ) {
    this.#files = files;
    this.#context = context;
    this.#run = run;
  }

  async untilInterrupted(): Promise<void> {
    let interrupt = (): void => {};
    let fail = (_: unknown): void => {};
    const ended = new Promise<void>((resolve, reject) => {
      interrupt = resolve;
      fail = reject;
    });
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    const alive = setInterval(() => {}, KEPT_ALIVE_MS);
    const unwatch = watchForChanges(
      () => this.#seen,
      () => this.#soon(fail),
    );
    try {
      this.#runOnce();
      await ended;
    } finally {
      unwatch();
      clearInterval(alive);
      if (this.#pending) clearTimeout(this.#pending);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    }
  }

  #soon(fail: (error: unknown) => void): void {
    this.#pending ??= setTimeout(() => {
      this.#pending = null;
      try {
        this.#runOnce();
      } catch (error) {
        fail(error);
      }
    }, SETTLE_MS);
  }

  /** Versions are taken before anything is read, so that no change falls between. */
  #runOnce(): void {
    const seen = new Map(this.#files.map((file) => [file, fileVersion(file)]));
    const { stdout, stderr } = this.#context;
    if (stdout.isTTY === true) stdout.write(CLEAR);
    try {
      const { complaints, text } = this.#run((file) => seen.set(file, fileVersion(file)));
      if (complaints) stderr.write(`${complaints}\n`);
      if (text) stdout.write(`${text}\n`);
    } catch (error) {
      // A file that is not there may come back.
      if (!(error instanceof CommandError)) throw error;
      stderr.write(`vmc: ${error.message}\n`);
    }
    this.#seen = seen;
    stderr.write('\nwaiting for a change; ^C ends\n');
  }
}
