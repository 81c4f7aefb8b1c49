import type { Expression, Truth } from '../plan.js';

type Operation =
  | { readonly op: 'atom'; readonly atom: string }
  | { readonly op: 'not'; readonly operand: number }
  | { readonly op: 'and' | 'or'; readonly left: number; readonly right: number }
  | { readonly op: 'assuming'; readonly operand: number; readonly value: boolean };

const FALSE = 0;
const TRUE = 1;
const UNKNOWN = 2;
const CONSTANTS: readonly Truth[] = [false, true, 'unknown'];

/**
 * Three-valued expressions with equal ones stored once, so that what is left of a condition after some of its atoms
 * have values is a small integer, and two assignments that leave the same are seen to be the same.
 */
export class ResidualStore {
  readonly #operations: (Operation | null)[] = [null, null, null];
  readonly #ids = new Map<string, number>();

  /** The truth value that an expression has come down to; null while atoms are left in it. */
  constantOf(id: number): Truth | null {
    return CONSTANTS[id] ?? null;
  }

  constant(value: Truth): number {
    return value === 'unknown' ? UNKNOWN : value ? TRUE : FALSE;
  }

  add(expression: Expression): number {
    switch (expression.op) {
      case 'constant':
        return this.constant(expression.value);
      case 'atom':
        return this.#intern({ op: 'atom', atom: expression.atom });
      case 'not':
        return this.#not(this.add(expression.operand));
      case 'and':
      case 'or':
        return this.#join(expression.op, this.add(expression.left), this.add(expression.right));
      case 'assuming':
        return this.#assuming(this.add(expression.operand), expression.value);
    }
  }

  /** The expression with values put in for some of its atoms; `memo` must be the same only for the same values. */
  substitute(id: number, values: ReadonlyMap<string, Truth>, memo: Map<number, number>): number {
    const operation = this.#operations[id];
    if (!operation) return id;
    const known = memo.get(id);
    if (known !== undefined) return known;
    const result = this.#substituteIn(operation, id, values, (child) => this.substitute(child, values, memo));
    memo.set(id, result);
    return result;
  }

  #substituteIn(
    operation: Operation,
    id: number,
    values: ReadonlyMap<string, Truth>,
    inner: (child: number) => number,
  ): number {
    switch (operation.op) {
      case 'atom': {
        const value = values.get(operation.atom);
        return value === undefined ? id : this.constant(value);
      }
      case 'not':
        return this.#not(inner(operation.operand));
      case 'and':
      case 'or':
        return this.#join(operation.op, inner(operation.left), inner(operation.right));
      case 'assuming':
        return this.#assuming(inner(operation.operand), operation.value);
    }
  }

  #not(operand: number): number {
    if (operand === UNKNOWN) return UNKNOWN;
    if (operand <= TRUE) return TRUE - operand;
    return this.#intern({ op: 'not', operand });
  }

  #join(op: 'and' | 'or', a: number, b: number): number {
    const [deciding, neutral] = op === 'and' ? [FALSE, TRUE] : [TRUE, FALSE];
    if (a === deciding || b === deciding) return deciding;
    if (a === neutral || a === b) return b;
    if (b === neutral) return a;
    return this.#intern({ op, left: Math.min(a, b), right: Math.max(a, b) });
  }

  #assuming(operand: number, value: boolean): number {
    if (operand === UNKNOWN) return this.constant(value);
    return operand <= TRUE ? operand : this.#intern({ op: 'assuming', operand, value });
  }

  #intern(operation: Operation): number {
    const key = JSON.stringify(operation);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#operations.length;
    this.#operations.push(operation);
    this.#ids.set(key, id);
    return id;
  }
}
