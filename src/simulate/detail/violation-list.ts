import type { DetailViolation } from '../report/detail-report.js';

const FIRST = 20;

/** What was promised and not kept; all are counted, the first are told. */
export class ViolationList {
  readonly #first: DetailViolation[] = [];
  #count = 0;

  add(violation: DetailViolation): void {
    this.#count += 1;
    if (this.#first.length < FIRST) this.#first.push(violation);
  }

  get count(): number {
    return this.#count;
  }

  get first(): readonly DetailViolation[] {
    return this.#first;
  }
}
