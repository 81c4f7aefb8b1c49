import { catalogue } from '../catalogue.js';
import { eachStatement } from '../traversal.js';
import type { Span, Statement } from '../tree.js';
import type { CheckInput } from './check.js';

interface Property {
  readonly kind: string;
  readonly span: Span;
}

/** Lines that may stand more than once in one pair of braces: alternatives, and tasks. */
const REPEATABLE: ReadonlySet<string> = new Set(['match', 'task']);

/** What is said of a host, of a class or of an offer is said once. */
export function checkUniqueProperties({ policy, reporter }: CheckInput): void {
  eachStatement(policy, (statement) => {
    const seen = new Map<string, Property>();
    for (const property of propertiesOf(statement)) {
      const first = seen.get(property.kind);
      if (first === undefined) seen.set(property.kind, property);
      else if (!REPEATABLE.has(property.kind)) {
        const related = [reporter.related(first.span, 'first given here')];
        const place = reporter.place(property.span);
        reporter.add(catalogue.repeatedProperty.at(place, { property: property.kind }, { related }));
      }
    }
  });
}

function propertiesOf(statement: Statement): readonly Property[] {
  if (statement.kind === 'host' || statement.kind === 'class') return statement.properties;
  return statement.kind === 'offer' ? statement.terms : [];
}
