import type { SignalType } from '../../../lang/signals.js';
import type { Dimension } from '../../../lang/units.js';
import { behind, expected, isWhole, type Readings } from '../../forms/automaton.js';
import type { Terminal } from '../../forms/form.js';
import { UNITS, unitDoc } from '../../words/unit-docs.js';
import type { Suggestion } from './suggestion.js';

/** How the units of a comparison depend on what the signal measures. */
const COMPARED: Readonly<Record<SignalType, readonly string[]>> = {
  cpu: ['%', '% of cpu', '% of a core', 'cores', 'core'],
  number: [],
  percent: ['%'],
  size: [...UNITS.size, ...UNITS['memory-fraction']],
  time: UNITS.time,
  rate: UNITS.rate,
  temperature: UNITS.temperature,
  boolean: [],
};

/** What a number may be of: units that can follow it, several words where one takes them (`% of a core`). */
export function suggestUnits(
  readings: Readings,
  compared: SignalType | null,
  touchesNumber: boolean,
): readonly Suggestion[] {
  const terminals = expected(readings);
  const isCompared = terminals.some(({ kind, ...rest }) => kind === 'unit' && isComparedUnit(rest));
  const forms = isCompared ? comparedUnits(compared) : [...unitsOf(terminals), ...percentForms(readings, '')];
  return [...new Set(forms)].map((form, index) => suggestionOf(form, index, touchesNumber));
}

const isComparedUnit = (terminal: object): boolean =>
  'dimensions' in terminal && terminal.dimensions === 'compared';

const comparedUnits = (type: SignalType | null): readonly string[] =>
  type === null ? [...new Set(Object.values(COMPARED).flat())] : COMPARED[type];

function unitsOf(terminals: readonly Terminal[]): readonly string[] {
  const dimensions = terminals.flatMap((terminal): readonly Dimension[] =>
    terminal.kind === 'unit' && terminal.dimensions !== 'compared' ? terminal.dimensions : [],
  );
  return dimensions.flatMap((dimension) => UNITS[dimension].filter((form) => !form.includes('%')));
}

/** `%` and what may follow it: every way through the words of units. */
function percentForms(readings: Readings, before: string): readonly string[] {
  const forms: string[] = [];
  const words = expected(readings).filter(
    (terminal) => terminal.kind === 'word' && terminal.role === 'unit',
  ) as readonly Extract<Terminal, { kind: 'word' }>[];
  for (const terminal of words) {
    const form = before === '' ? terminal.word : `${before} ${terminal.word}`;
    const next = behind(readings, terminal);
    const further = percentForms(next, form);
    if (further.length === 0 || endsUnit(next)) forms.push(form);
    forms.push(...further);
  }
  return [...new Set(forms)];
}

/** Whether the unit is whole without the words that may follow. */
const endsUnit = (readings: Readings): boolean =>
  isWhole(readings) ||
  expected(readings).some((terminal) => !(terminal.kind === 'word' && terminal.role === 'unit'));

function suggestionOf(form: string, index: number, touchesNumber: boolean): Suggestion {
  const isApart = /^[A-Za-z]/.test(form) && !UNITS.time.includes(form);
  return {
    label: form,
    kind: 'Unit',
    rank: index < 4 ? 1 : 2,
    detail: unitDoc(form) ?? '',
    ...(touchesNumber && isApart ? { insert: ` ${form}` } : {}),
  };
}
