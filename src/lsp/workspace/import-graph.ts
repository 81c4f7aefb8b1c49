/** Which policies import which. */
export class ImportGraph {
  readonly #imports = new Map<string, readonly string[]>();
  readonly #importers = new Map<string, Set<string>>();

  /** Says what a file imports from now on. */
  set(file: string, imports: readonly string[]): void {
    this.delete(file);
    this.#imports.set(file, imports);
    for (const imported of imports) {
      const importers = this.#importers.get(imported) ?? new Set();
      this.#importers.set(imported, importers.add(file));
    }
  }

  delete(file: string): void {
    for (const imported of this.#imports.get(file) ?? []) this.#importers.get(imported)?.delete(file);
    this.#imports.delete(file);
  }

  has(file: string): boolean {
    return this.#imports.has(file);
  }

  importsOf(file: string): readonly string[] {
    return this.#imports.get(file) ?? [];
  }

  /**
   * The files that nothing imports and that lead to this one: what it is judged as a part of. Itself where nothing
   * imports it, or where imports only go round.
   */
  rootsOf(file: string): readonly string[] {
    const above = this.#reach(file, (each) => [...(this.#importers.get(each) ?? [])]);
    const roots = above.filter((each) => (this.#importers.get(each)?.size ?? 0) === 0);
    return roots.length === 0 ? [file] : roots;
  }

  /** A file and all that it imports, by way of others too. */
  closureOf(file: string): readonly string[] {
    return this.#reach(file, (each) => this.importsOf(each));
  }

  #reach(from: string, next: (file: string) => readonly string[]): readonly string[] {
    const seen = new Set([from]);
    for (const file of seen) for (const other of next(file)) seen.add(other);
    return [...seen];
  }
}
