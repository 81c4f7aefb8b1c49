import { ProcFile } from '../../support/proc-file.js';
import { CounterRate } from './counter-rate.js';

/** One counter in an open file of /sys or /proc: the number at a place of its first line. */
export class CounterFile {
  readonly #file: ProcFile;
  readonly #place: number;
  readonly #rate = new CounterRate();

  private constructor(file: ProcFile, place: number) {
    this.#file = file;
    this.#place = place;
  }

  /** `place` counts numbers from 0. Null where there is none. */
  static open(path: string, place = 0): CounterFile | null {
    const file = ProcFile.open(path);
    return file === null ? null : new CounterFile(file, place);
  }

  /** Growth in a second since the last reading; null: not known this time; `gone`: what it counted is not there any more. */
  read(atNs: bigint): number | null | 'gone' {
    if (!this.#file.read()) return 'gone';
    this.#file.skip(this.#place);
    const value = this.#file.number();
    return Number.isNaN(value) ? 'gone' : this.#rate.next(value, atNs);
  }

  close(): void {
    this.#file.close();
  }
}
