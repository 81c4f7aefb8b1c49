import type { CatalogueDiagnostic } from '../lang/catalogue-entry.js';
import type { RelatedPlace } from '../lang/diagnostic.js';
import type { Place, Sentence } from '../lang/model.js';

/** Collects diagnostics; one mistake that shows in many modes is reported once, for the first of them. */
export class Findings {
  readonly #byKey = new Map<string, CatalogueDiagnostic>();

  add(diagnostic: CatalogueDiagnostic): void {
    const places = [diagnostic, ...diagnostic.related].map(
      (place) => `${place.file}:${place.range.start.offset}`,
    );
    const key = [diagnostic.code, ...places.sort()].join(' ');
    if (!this.#byKey.has(key)) this.#byKey.set(key, diagnostic);
  }

  get hasErrors(): boolean {
    return this.list.some(({ severity }) => severity === 'error');
  }

  get list(): readonly CatalogueDiagnostic[] {
    return [...this.#byKey.values()];
  }
}

/** The first sentence is where a diagnostic points to, the others are related, each shown with its role. */
export function pointAt(
  sentences: readonly Sentence[],
  role: (sentence: Sentence) => string,
): { readonly place: Place; readonly related: readonly RelatedPlace[] } {
  const distinct = [...new Set(sentences)].sort((a, b) => a.index - b.index);
  const [first, ...others] = distinct;
  if (first === undefined) throw new RangeError('a diagnostic needs at least one sentence to point at');
  return {
    place: first.place,
    related: others.map((sentence) => ({
      message: role(sentence),
      file: sentence.place.file,
      range: sentence.place.range,
    })),
  };
}
