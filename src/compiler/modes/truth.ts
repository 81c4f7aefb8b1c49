import type { Expression, Truth } from '../plan.js';

export const not = (value: Truth): Truth => (value === 'unknown' ? 'unknown' : !value);

export function and(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false;
  return left === 'unknown' || right === 'unknown' ? 'unknown' : true;
}

export const or = (left: Truth, right: Truth): Truth => not(and(not(left), not(right)));

/** Kleene's three-valued evaluation of a plan's condition; an atom that `atomValues` does not answer is unknown. */
export function evaluate(expression: Expression, atomValues: (atom: string) => Truth | undefined): Truth {
  switch (expression.op) {
    case 'constant':
      return expression.value;
    case 'atom':
      return atomValues(expression.atom) ?? 'unknown';
    case 'not':
      return not(evaluate(expression.operand, atomValues));
    case 'and':
      return and(evaluate(expression.left, atomValues), evaluate(expression.right, atomValues));
    case 'or':
      return or(evaluate(expression.left, atomValues), evaluate(expression.right, atomValues));
    case 'assuming': {
      const value = evaluate(expression.operand, atomValues);
      return value === 'unknown' ? expression.value : value;
    }
  }
}
