import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { packageRoot } from '../../../../src/support/package-root.js';

const FOLDER = join(packageRoot(), 'test/enforce/linux/gaps');

/** A Perl program of this folder that is asked and answers line by line; it ends with its standard input, and with us. */
export class Dialogue {
  readonly pid: number;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  #complaints = '';

  constructor(program: string, args: readonly number[]) {
    const script = join(FOLDER, program);
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'perl', script, ...args.map(String)]);
    this.#child.stdin.on('error', () => {}); // it has ended, as the next reading will say
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints += text;
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.pid = this.#child.pid ?? 0;
  }

  say(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Says that nothing more will come. */
  finish(): void {
    this.#child.stdin.end();
  }

  /** What it says before the line `last`. Throws with its complaints when it ends before. */
  async hear(last: string): Promise<readonly string[]> {
    const heard: string[] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(this.#complaints.trim() || 'it ended without a word');
      if (value === last) return heard;
      heard.push(value);
    }
  }

  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.finish();
    await gone;
  }
}
