import type { PlanCondition, Truth } from '../plan.js';
import { sha256 } from '../sha256.js';

const LONGEST = 72;
const LONGEST_BRIEF = 120;

/**
 * A name for a mode that says what it is: the conditions with their values ("office, not gaming, busy unknown"); where that
 * would be unwieldy only those that are not false ("office, busy unknown, no other"), or at last a digest.
 */
export function modeId(conditions: readonly PlanCondition[], values: readonly Truth[]): string {
  const text = modeText(conditions, values);
  if (text.length <= LONGEST) return text;
  const brief = briefText(conditions, values);
  return brief.length <= LONGEST_BRIEF ? brief : `mode-${sha256(text).slice(0, 12)}`;
}

function briefText(conditions: readonly PlanCondition[], values: readonly Truth[]): string {
  const kept = [...conditions.keys()].filter((index) => values[index] !== false);
  if (kept.length === 0) return 'no condition';
  const [names, truths] = [kept.map((index) => conditions[index]!), kept.map((index) => values[index]!)];
  return `${modeText(names, truths)}${kept.length < conditions.length ? ', no other' : ''}`;
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
