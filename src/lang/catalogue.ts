import { advice } from './catalogue/advice.js';
import { names } from './catalogue/names.js';
import { syntax } from './catalogue/syntax.js';
import { units } from './catalogue/units.js';
import type { CatalogueEntry } from './catalogue-entry.js';

/** Every diagnostic of the language: VMC1xxx, VMC2xxx and the advice that needs no host. */
export const catalogue = { ...syntax, ...names, ...units, ...advice };

/** An entry without its parameters, for lists and for `vmc explain CODE`. */
export type CatalogueHeading = Pick<CatalogueEntry<object>, 'code' | 'severity' | 'title'>;

/** All entries, by code. */
export function catalogueHeadings(): readonly CatalogueHeading[] {
  const headings = Object.values(catalogue).map(({ code, severity, title }) => ({ code, severity, title }));
  return headings.sort((a, b) => a.code.localeCompare(b.code));
}
