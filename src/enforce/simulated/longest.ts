/** A while of simulated time. */
export interface While {
  readonly fromNs: number;
  readonly lengthNs: number;
}

/** The longest of the whiles in which something lasted. Times in ns. */
export class Longest {
  #sinceNs: number | null = null;
  #longest: While | null = null;

  /** From now on it lasts; where it does already, nothing changes. */
  begin(nowNs: number): void {
    this.#sinceNs ??= nowNs;
  }

  end(nowNs: number): void {
    if (this.#sinceNs === null) return;
    this.#longest = this.at(nowNs);
    this.#sinceNs = null;
  }

  /** With the while under way; null: it never lasted. */
  at(nowNs: number): While | null {
    if (this.#sinceNs === null) return this.#longest;
    const current = { fromNs: this.#sinceNs, lengthNs: nowNs - this.#sinceNs };
    return this.#longest !== null && this.#longest.lengthNs >= current.lengthNs ? this.#longest : current;
  }

  /** Forgets what was; what lasts now counts from now. */
  restart(nowNs: number): void {
    this.#longest = null;
    if (this.#sinceNs !== null) this.#sinceNs = nowNs;
  }
}
