import { catalogue } from '../catalogue.js';
import type { Fix } from '../diagnostic.js';
import type { Reporter } from '../reporter.js';
import { eachConstraint } from '../traversal.js';
import type { Word } from '../tree.js';
import type { CheckInput } from './check.js';

/** A mechanism is asked for where there is CPU to divide. */
export function checkIdleMechanism({ policy, reporter }: CheckInput): void {
  eachConstraint(policy, (constraint) => {
    if (constraint.by === null || !('amounts' in constraint)) return;
    if (constraint.amounts.some(({ kind }) => kind === 'cpu' || kind === 'elastic')) return;
    const place = reporter.place(constraint.by.span);
    const fix = removal(constraint.by, constraint.span.start, reporter);
    const extras = fix === null ? {} : { fix };
    reporter.add(catalogue.idleMechanism.at(place, { mechanism: constraint.by.text }, extras));
  });
}

/** Null where a comment stands between the words. */
function removal({ text, span }: Word, start: number, reporter: Reporter): Fix | null {
  const before = /\s+by\s+$/.exec(reporter.writtenText({ start, end: span.start }))?.[0];
  if (before === undefined) return null;
  const all = { start: span.start - before.length, end: span.end };
  return reporter.replacement(all, '', `Remove \`by ${text}\``);
}
