import { type ChildProcess, spawn } from 'node:child_process';

/** The owner's own work: CPU hogs, as many as asked for, that end with whoever started them. */
export class OwnerLoad {
  readonly #hogs: ChildProcess[] = [];

  start(count: number): void {
    const hog = ['--pdeathsig', 'KILL', '--', 'sh', '-c', 'while :; do :; done'];
    for (let index = 0; index < count; index++) {
      this.#hogs.push(spawn('setpriv', hog, { stdio: 'ignore' }));
    }
  }

  stop(): void {
    for (const hog of this.#hogs) hog.kill('SIGKILL');
    this.#hogs.length = 0;
  }
}
