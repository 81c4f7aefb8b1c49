import { type Readings, startOf } from './automaton.js';
import type { BodyKind } from './form.js';
import { STATEMENTS } from './statement-forms.js';

/** A file as a whole, or what braces hold. */
export type Body = BodyKind | 'policy';

/** What begins with one word in one kind of body. */
export interface Start {
  readonly readings: Readings;
  /** Body of its braces, where it has some. */
  readonly opens: BodyKind | null;
}

const known = new Map<Body, ReadonlyMap<string, Start>>();

/** Made when a text first has such a body. */
export function startsIn(body: Body): ReadonlyMap<string, Start> {
  let starts = known.get(body);
  if (starts === undefined) {
    starts = makeStarts(body);
    known.set(body, starts);
  }
  return starts;
}

function makeStarts(body: Body): ReadonlyMap<string, Start> {
  const starters = new Set(STATEMENTS[body].map(({ starter }) => starter));
  return new Map(
    [...starters].map((starter) => {
      const alternatives = STATEMENTS[body].filter((statement) => statement.starter === starter);
      const readings = startOf({ kind: 'choice', parts: alternatives.map(({ form }) => form) });
      const opens = alternatives.find((statement) => statement.opens !== null)?.opens ?? null;
      return [starter, { readings, opens }];
    }),
  );
}
