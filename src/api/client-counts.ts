/** How many things each client holds, against a limit for one and for all. */
export class ClientCounts {
  readonly #counts = new Map<string, number>();
  readonly #ofOne: number;
  readonly #ofAll: number;
  #total = 0;

  constructor(ofOne: number, ofAll: number) {
    this.#ofOne = ofOne;
    this.#ofAll = ofAll;
  }

  /** What gives it back, once; null: the client, or all together, have as many as they may. */
  take(client: string): (() => void) | null {
    const held = this.#counts.get(client) ?? 0;
    if (held >= this.#ofOne || this.#total >= this.#ofAll) return null;
    this.#set(client, held + 1);
    this.#total += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#total -= 1;
      this.#set(client, (this.#counts.get(client) ?? 1) - 1);
    };
  }

  #set(client: string, count: number): void {
    if (count > 0) this.#counts.set(client, count);
    else this.#counts.delete(client);
  }
}
