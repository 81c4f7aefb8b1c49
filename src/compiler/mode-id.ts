import type { PlanCondition, Truth } from './plan.js';
import { sha256 } from './sha256.js';

const LONGEST = 72;

/**
 * A name for a mode that says what it is and does not change when conditions that are no part of it do: the
 * conditions with their values ("office, not gaming, busy unknown"), or a digest of that where it would be unwieldy.
 */
export function modeId(conditions: readonly PlanCondition[], values: readonly Truth[]): string {
  const text = modeText(conditions, values);
  return text.length <= LONGEST ? text : `mode-${sha256(text).slice(0, 12)}`;
}

/** The conditions with their values, however many: "office, not gaming, busy unknown". */
export function modeText(conditions: readonly PlanCondition[], values: readonly Truth[]): string {
  if (conditions.length === 0) return 'always';
  const parts = conditions.map(({ id }, index) => {
    const name = /^[^\s]+$/.test(id) || values[index] === true ? id : `(${id})`;
    if (values[index] === true) return name;
    return values[index] === false ? `not ${name}` : `${name} unknown`;
  });
  return parts.join(', ');
}
