import { catalogue } from '../catalogue.js';
import { eachConstraint } from '../traversal.js';
import type { CheckInput } from './check.js';

/** A mechanism is asked for where there is CPU to divide. */
export function checkIdleMechanism({ policy, reporter }: CheckInput): void {
  eachConstraint(policy, (constraint) => {
    if (constraint.by === null || !('amounts' in constraint)) return;
    if (constraint.amounts.some(({ kind }) => kind === 'cpu' || kind === 'elastic')) return;
    const { text, span } = constraint.by;
    const last = constraint.amounts.at(-1);
    const from = constraint.kind === 'keep' || last === undefined ? null : last.span.end;
    const fix = from === null ? {} : { fix: reporter.replacement({ start: from, end: span.end }, '') };
    reporter.add(catalogue.idleMechanism.at(reporter.place(span), { mechanism: text }, fix));
  });
}
