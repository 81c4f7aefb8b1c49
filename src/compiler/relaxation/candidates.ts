import type { GuestClass, GuestTask, Sentence, SentenceNumber, WrittenNumber } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { compare, type Rational, rational } from '../../support/rational.js';
import { cycleText } from '../demand-text.js';
import type { EffectiveHost } from '../effective-host.js';
import { countedClasses, type Population } from '../population.js';
import { type Change, changedDeclaration, changedNumber } from './change.js';
import { memoryVariantsOf, type Variants, variantsOf } from './variants.js';
import { type Variation, withClass, withSentence } from './variation.js';

/** A number of the policy that can be smaller (of a limit larger), in steps of which the first is the least change. */
export interface Candidate {
  readonly count: bigint;
  at(step: bigint): Variation;
  /** What to write; null where the number cannot be pointed at. */
  change(step: bigint): Change | null;
  /** The part of what was asked for that is left. */
  kept(step: bigint): Rational;
}

/** Of a guest's tasks only the heaviest are looked at: each takes some dozens of trials. */
const MOST_TASKS = 4;
const MICROSECOND = 1000n;

/** The numbers of some sentences, and of the tasks for which servers are derived because of them. */
export function candidatesOf(
  sentences: readonly Sentence[],
  host: EffectiveHost,
  population: Population,
): readonly Candidate[] {
  return sentences.flatMap((sentence) => {
    const [cpu, memory] = [variantsOf(sentence, host), memoryVariantsOf(sentence, host)];
    const own = [
      ...(cpu ? [ofSentence(sentence, sentence.number, cpu)] : []),
      ...(memory ? [ofSentence(sentence, sentence.memoryNumber, memory)] : []),
    ];
    if (own.length > 0) return own;
    if (sentence.kind !== 'reserve' || sentence.form.kind !== 'tasks') return [];
    return countedClasses(population, sentence.subject).flatMap((key) => {
      // INVARIANT: counted classes are declared.
      const guest = population.classes.get(key)!;
      const heaviest = [...guest.tasks].sort((a, b) => compare(rateOf(b), rateOf(a))).slice(0, MOST_TASKS);
      return heaviest.flatMap((task) => ofTask(task, guest));
    });
  });
}

const ofSentence = (
  sentence: Sentence,
  written: SentenceNumber | null,
  { count, at, write, kept }: Variants,
): Candidate => ({
  count,
  at: (step) => withSentence(sentence.index, at(step)),
  change: (step) => written && changedNumber(sentence, written, at(step), write(step)),
  kept,
});

const rateOf = ({ costNs, periodNs }: GuestTask): Rational => rational(costNs, periodNs);

/** It may take less, or have longer until its deadline. */
function ofTask(task: GuestTask, { name }: GuestClass): readonly Candidate[] {
  const { cost, deadline, costNs, deadlineNs, periodNs } = task;
  const less = (costNs - 1n) / MICROSECOND;
  const longer = (periodNs - deadlineNs) / MICROSECOND;
  const costAt = (step: bigint) => (less - step + 1n) * MICROSECOND;
  const deadlineAt = (step: bigint) => deadlineNs + step * MICROSECOND;
  return [
    ...declared(task, name, cost, less, {
      as: (step) => ({ costNs: costAt(step) }),
      text: (step) => cycleText(costAt(step), periodNs),
      write: (step) => formatDuration(costAt(step)),
      kept: (step) => rational(costAt(step), costNs),
    }),
    ...declared(task, name, deadline, longer, {
      as: (step) => ({ deadlineNs: deadlineAt(step) }),
      text: (step) => `within ${formatDuration(deadlineAt(step))}`,
      write: (step) => formatDuration(deadlineAt(step)),
      kept: (step) => rational(deadlineNs, deadlineAt(step)),
    }),
  ];
}

interface TaskSteps {
  as(step: bigint): Partial<GuestTask>;
  text(step: bigint): string;
  write(step: bigint): string;
  kept(step: bigint): Rational;
}

function declared(
  { name }: GuestTask,
  of: string,
  written: WrittenNumber | undefined,
  count: bigint,
  { as, text, write, kept }: TaskSteps,
): readonly Candidate[] {
  if (written === undefined || count < 1n) return [];
  const changed =
    (step: bigint) =>
    (one: GuestClass): GuestClass => ({
      ...one,
      tasks: one.tasks.map((task) => (task.name === name ? { ...task, ...as(step) } : task)),
    });
  return [
    {
      count,
      at: (step) => withClass(of, changed(step)),
      change: (step) =>
        changedDeclaration(`task ${name} ${text(step)}`, written, write(step), { of, as: changed(step) }),
      kept,
    },
  ];
}
