import type { Expression, Truth } from '../plan.js';

/** Kleene's logic: what is unknown stays so unless the rest decides, or something is assumed. */
export function truthOf(expression: Expression, atoms: ReadonlyMap<string, Truth>): Truth {
  switch (expression.op) {
    case 'constant':
      return expression.value;
    case 'atom':
      return atoms.get(expression.atom) ?? 'unknown';
    case 'not':
      return not(truthOf(expression.operand, atoms));
    case 'assuming': {
      const value = truthOf(expression.operand, atoms);
      return value === 'unknown' ? expression.value : value;
    }
    case 'and':
      return both(truthOf(expression.left, atoms), truthOf(expression.right, atoms));
    case 'or':
      return not(both(not(truthOf(expression.left, atoms)), not(truthOf(expression.right, atoms))));
  }
}

const not = (value: Truth): Truth => (value === 'unknown' ? value : !value);

function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  return a === true && b === true ? true : 'unknown';
}
