import type { Diagnostic, Fix, RelatedPlace, Severity } from './diagnostic.js';
import type { Range } from './source.js';

declare const fromCatalogue: unique symbol;

/**
 * A diagnostic made by a catalogue entry. The stages of the pipeline collect only these, so an ad-hoc message
 * does not compile.
 */
export type CatalogueDiagnostic = Diagnostic & { readonly [fromCatalogue]: true };

export type DiagnosticCode = `VMC${number}`;

/** What a catalogue says about one code; `P` are the parameters of its message. */
export interface EntryBody<P> {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** A few words, for lists and as the heading of the code's page. */
  readonly title: string;
  /** What is wrong, where and why, in one or two sentences. */
  readonly message: (parameters: P) => string;
  /** What the owner can do about it; null where this case has nothing to add. */
  readonly hint: (parameters: P) => string | null;
}

/** Where a diagnostic points to. */
export interface DiagnosticPlace {
  readonly file: string;
  readonly range: Range;
}

export interface DiagnosticExtras {
  readonly related?: readonly RelatedPlace[];
  readonly fix?: Fix;
}

/** An entry that can be reported: `entry.at(place, parameters, extras)`. */
export interface CatalogueEntry<P> extends EntryBody<P> {
  at(place: DiagnosticPlace, parameters: P, extras?: DiagnosticExtras): CatalogueDiagnostic;
}

/**
 * Declares a catalogue: `defineDiagnostics({ unknownName: { code: 'VMC2001', …, message: (p: { name: string }) => … } })`.
 * The parameters' types are those that each `message` declares.
 */
export function defineDiagnostics<T extends Record<string, object>>(
  entries: {
    readonly [K in keyof T]: EntryBody<T[K]>;
  },
): { readonly [K in keyof T]: CatalogueEntry<T[K]> } {
  const made = Object.entries(entries).map(([key, body]) => [key, entryFrom(body as EntryBody<never>)]);
  return Object.fromEntries(made);
}

function entryFrom<P>(body: EntryBody<P>): CatalogueEntry<P> {
  return { ...body, at: (place, parameters, extras = {}) => build(body, place, parameters, extras) };
}

function build<P>(
  body: EntryBody<P>,
  place: DiagnosticPlace,
  parameters: P,
  extras: DiagnosticExtras,
): CatalogueDiagnostic {
  const hint = body.hint(parameters);
  const diagnostic: Diagnostic = {
    code: body.code,
    severity: body.severity,
    message: body.message(parameters),
    ...(hint === null ? {} : { hint }),
    file: place.file,
    range: { start: place.range.start, end: place.range.end },
    related: extras.related ?? [],
    ...(extras.fix ? { fix: extras.fix } : {}),
  };
  return diagnostic as CatalogueDiagnostic;
}
