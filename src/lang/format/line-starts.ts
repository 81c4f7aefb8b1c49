import type { Policy, Span, Statement } from '../tree.js';

/**
 * The offsets at which something begins that has a line of its own: sentences, properties, terms, lines of
 * tests.
 */
export function lineStarts(policy: Policy): ReadonlySet<number> {
  const starts = new Set<number>();
  addAll(policy.statements, starts);
  return starts;
}

/** Blocks nest at most as deep as the parser allows. */
function addAll(statements: readonly Statement[], starts: Set<number>): void {
  for (const statement of statements) {
    starts.add(statement.span.start);
    for (const { span } of linesOf(statement)) starts.add(span.start);
    if (statement.kind !== 'when') continue;
    for (const { body } of statement.arms) addAll(body, starts);
    if (statement.otherwise !== null) addAll(statement.otherwise, starts);
  }
}

function linesOf(statement: Statement): readonly { readonly span: Span }[] {
  switch (statement.kind) {
    case 'host':
    case 'class':
      return statement.properties;
    case 'offer':
      return statement.terms;
    case 'test':
      return statement.lines;
    default:
      return [];
  }
}
