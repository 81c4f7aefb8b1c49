import type { Sentence } from '../../lang/model.js';
import type { ModelContext } from '../model-context.js';
import { tabulateConditions } from '../modes/condition-table.js';
import { modeText } from '../modes/mode-id.js';
import { reachableModes } from '../modes/modes.js';
import { guardValues, type Situation, situationOf } from '../modes/situation.js';
import type { Truth } from '../plan.js';

export type AssertSentence = Extract<Sentence, { kind: 'assert' }>;

/** A situation in which an assertion is asked. */
export interface AskedSituation {
  readonly situation: Situation;
  /** For each sentence that was asked about why it is not in force: "office is false". */
  readonly why: (sentence: Sentence) => string;
}

export type AskedSituations =
  | { readonly ok: true; readonly situations: readonly AskedSituation[] }
  /** Conditions that make too many modes. */
  | { readonly ok: false; readonly conditions: readonly string[] };

/**
 * The situations that some sentences make while an assertion is asked, each once, for the first mode that shows it. Only
 * the conditions of these sentences and of the assertion are looked at: what the others do makes no difference.
 * An assertion whose condition is unknown is asked when it forbids something, as restrictions are in force then, and not
 * asked when it demands something, as promises are not.
 */
export function askedSituations(
  assertion: AssertSentence,
  sentences: readonly Sentence[],
  { host, range }: Pick<ModelContext, 'host' | 'range'>,
): AskedSituations {
  const asking = withWhile(assertion);
  const all = [...sentences, asking];
  const table = tabulateConditions(all, host);
  const reachable = reachableModes(table, host.facts.timezone, range);
  if (!reachable.ok) return { ok: false, conditions: table.conditions.map(({ id }) => id) };
  const found = new Map<string, AskedSituation>();
  for (const { values, example } of reachable.modes) {
    const guards = guardValues(table, values);
    if (!isAsked(assertion, guards.at(-1) ?? true)) continue;
    const key = guards.slice(0, -1).join(' ');
    if (found.has(key)) continue;
    const id = modeText(table.conditions, values);
    const why = (sentence: Sentence): string => {
      const references = table.guards[sentences.indexOf(sentence)] ?? [];
      const failing = references.find(({ condition, expected }) => values[condition] !== expected);
      return failing === undefined
        ? 'its condition does not hold'
        : `${table.conditions[failing.condition]?.id} is ${values[failing.condition]}`;
    };
    found.set(key, { situation: situationOf(sentences, table, { id, example, values }), why });
  }
  return { ok: true, situations: [...found.values()] };
}

/** The condition behind `while` is one more guard. */
function withWhile(assertion: AssertSentence): AssertSentence {
  if (assertion.while === null) return assertion;
  const guard = { condition: assertion.while, expected: true, place: assertion.place };
  return { ...assertion, guards: [...assertion.guards, guard] };
}

function isAsked({ claim }: AssertSentence, value: Truth): boolean {
  return claim.kind === 'at-least' ? value === true : value !== false;
}
