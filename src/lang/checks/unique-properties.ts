import { catalogue } from '../catalogue.js';
import type { Span } from '../tree.js';
import type { CheckInput } from './check.js';

interface Property {
  readonly kind: string;
  readonly span: Span;
}

/** Only `match` may stand more than once in one pair of braces: its lines are alternatives. */
export function checkUniqueProperties({ policy, reporter }: CheckInput): void {
  for (const statement of policy.statements) {
    if (statement.kind !== 'host' && statement.kind !== 'class') continue;
    const seen = new Map<string, Property>();
    for (const property of statement.properties as readonly Property[]) {
      const first = seen.get(property.kind);
      if (first === undefined) seen.set(property.kind, property);
      else if (property.kind !== 'match') {
        const related = [reporter.related(first.span, 'first given here')];
        const place = reporter.place(property.span);
        reporter.add(catalogue.repeatedProperty.at(place, { property: property.kind }, { related }));
      }
    }
  }
}
