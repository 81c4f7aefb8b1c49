import { catalogue } from '../catalogue.js';
import { signalName } from '../scope.js';
import { bareNameOf, bodiesOf, eachPart, eachWhen, isConstraint } from '../traversal.js';
import type { Comparison, Condition, Statement } from '../tree.js';
import type { CheckInput } from './check.js';

const THROTTLES: ReadonlySet<Statement['kind']> = new Set(['limit', 'run', 'pause', 'yield']);

/** A condition on `owner.cpu` that holds guests back undoes itself: the guests depress what it measures. */
export function checkSteadyConditions({ policy, scope, reporter }: CheckInput): void {
  const told = new Set<Comparison>();
  const seen = new Set<Condition>();
  eachWhen(policy, (when) => {
    if (!bodiesOf(when).some(throttles)) return;
    for (const { condition } of when.arms) visit(condition);
  });

  function visit(root: Condition): void {
    const waiting = [root];
    for (let condition = waiting.pop(); condition !== undefined; condition = waiting.pop()) {
      if (seen.has(condition)) continue;
      seen.add(condition);
      eachPart(condition, (part) => {
        if (part.kind === 'comparison') report(part);
        const name = part.kind === 'reference' ? bareNameOf(part.signal) : null;
        const declared = name === null ? null : scope.find(name);
        if (declared?.kind === 'let') waiting.push(declared.condition);
      });
    }
  }

  function report(comparison: Comparison): void {
    const { signal } = comparison.subject;
    if (signalName(signal) !== 'owner.cpu' || told.has(comparison)) return;
    told.add(comparison);
    const fix = reporter.replacement(signal.span, 'owner.demand');
    reporter.add(catalogue.throttledByOwnUse.at(reporter.place(signal.span), {}, { fix }));
  }
}

function throttles(body: readonly Statement[]): boolean {
  return body.some((statement) =>
    statement.kind === 'when'
      ? bodiesOf(statement).some(throttles)
      : isConstraint(statement) && THROTTLES.has(statement.kind),
  );
}
