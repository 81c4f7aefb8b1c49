import type { Atom, Truth } from '../../compiler/plan.js';
import type { SignalSource } from '../signal-source.js';
import { type CalendarState, stepCalendar } from './calendar-atom.js';
import {
  type ComparisonAtom,
  type ComparisonState,
  INITIAL_COMPARISON,
  stepComparison,
} from './comparison.js';
import { expiryOf, isOn, type Switches } from './switches.js';

/** Both clocks at one instant, and the policy's zone. */
export interface Instant {
  readonly nowNs: bigint;
  readonly wallMs: number;
}

export interface AtomInputs extends Instant {
  readonly zone: string;
  readonly signals: SignalSource;
  readonly switches: Switches;
  /** Whether a process of a name that fits this glob runs that is no guest. */
  readonly processes: ProcessSource;
  /** How a budget stands, by its id. Absent: nothing is counted, and none is ever used up. */
  readonly budgets?: BudgetSource;
}

/** Whether a budget is used up, and until when; null: whoever asks finds out by itself. */
export type BudgetSource = (budget: string) => { readonly spent: boolean; readonly untilMs: number | null };

export type ProcessSource = (pattern: string) => boolean;

export interface AtomState {
  readonly value: Truth;
  /** When it took this value. */
  readonly since: Instant;
  /** What it was last compared with; null: nothing, or unknown. */
  readonly sample: number | null;
  /** When it changes if nothing else happens: monotonic, null when it does not or when only the wall clock tells. */
  readonly changesAtNs: bigint | null;
  /** The same of a calendar, wall-clock. */
  readonly changesAtMs: number | null;
  readonly comparison: ComparisonState | null;
  readonly calendar: CalendarState | null;
}

type Reading = Omit<AtomState, 'since'>;
const PLAIN: Reading = {
  value: 'unknown',
  sample: null,
  changesAtNs: null,
  changesAtMs: null,
  comparison: null,
  calendar: null,
};

/** The next state of one atom of the plan; `since` moves only when the value does. */
export function stepAtom(previous: AtomState | null, atom: Atom, inputs: AtomInputs): AtomState {
  const reading = readAtom(previous, atom, inputs);
  const since = previous && previous.value === reading.value ? previous.since : instantOf(inputs);
  return { ...reading, since };
}

const instantOf = ({ nowNs, wallMs }: Instant): Instant => ({ nowNs, wallMs });

function readAtom(previous: AtomState | null, atom: Atom, inputs: AtomInputs): Reading {
  switch (atom.kind) {
    case 'calendar': {
      const calendar = stepCalendar(previous?.calendar ?? null, atom.calendar, inputs.zone, inputs.wallMs);
      return { ...PLAIN, value: calendar.value, changesAtMs: calendar.validUntilMs, calendar };
    }
    case 'switch': {
      const changesAtNs = expiryOf(inputs.switches, atom.name, inputs.nowNs);
      return { ...PLAIN, value: isOn(inputs.switches, atom.name, inputs.nowNs), changesAtNs };
    }
    case 'signal': {
      const sample = inputs.signals.latest(atom.signal);
      return { ...PLAIN, value: sample === null ? 'unknown' : sample !== 0, sample };
    }
    case 'process':
      return { ...PLAIN, value: inputs.processes(atom.pattern) };
    case 'budget': {
      const { spent, untilMs } = inputs.budgets?.(atom.budget) ?? { spent: false, untilMs: null };
      return { ...PLAIN, value: spent, changesAtMs: spent ? untilMs : null };
    }
    case 'comparison': {
      const sample = sampleOf(atom.subject, inputs.signals);
      const before = previous?.comparison ?? INITIAL_COMPARISON;
      const comparison = stepComparison(before, atom, sample, inputs.nowNs);
      return { ...PLAIN, value: comparison.value, sample, changesAtNs: comparison.changesAtNs, comparison };
    }
  }
}

/** A signal, or its forecast, as it is now; null: unknown. */
export function sampleOf(subject: ComparisonAtom['subject'], signals: SignalSource): number | null {
  return subject.kind === 'signal'
    ? signals.latest(subject.signal)
    : signals.limit(subject.signal, subject.overNs, subject.side, subject.level);
}
