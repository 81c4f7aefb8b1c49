import type { Fix } from '../lang/diagnostic.js';
import type { GuestClass, GuestTask } from '../lang/model.js';
import { formatDuration } from '../support/duration.js';
import { compare, rational } from '../support/rational.js';
import { feasibility } from './catalogue.js';
import type { CombineContext, SentenceOf } from './combine-context.js';
import { cycleText } from './demand-text.js';
import type { EffectiveHost } from './effective-host.js';
import { sum } from './exact.js';
import { pointAt } from './findings.js';
import { type GuestNeeds, hasInterface, type RefusedInterface } from './interface/index.js';
import { decimal, joinWords } from './render-text.js';
import { needsOf, type Reservation, searchTerms } from './reservation-form.js';

type ReserveSentence = SentenceOf<'reserve'>;

/** One number, changed by as little as makes everything fit. */
interface Change {
  readonly text: string;
  readonly fix: Fix | null;
}

/** More tasks of one guest are not analysed: it would take seconds. */
export const MOST_TASKS = 256;
/** Changes of a task are looked for only among so few: each takes some dozens of analyses. */
const MOST_TASKS_FOR_CHANGES = 24;
const MOST_TASKS_CHANGED = 4;
const STEP_NS = 1000n;

/** Reports that no servers give a guest what its sentences ask for: the arithmetic, and the least changes that would help. */
export function reportRefusal(
  subject: string,
  sentences: readonly ReserveSentence[],
  refused: RefusedInterface,
  reservation: Reservation,
  declared: GuestClass,
  { host, findings }: CombineContext,
): void {
  const needs = needsOf(reservation, declared);
  const terms = searchTerms(host, reservation);
  const fits = (changed: GuestNeeds, vcpus = declared.vcpus) => hasInterface(changed, vcpus, terms);
  const changes = [
    ...refused.tasks.slice(0, MOST_TASKS_CHANGED).flatMap((task) => taskChanges(task, needs, fits)),
    ...vcpuChanges(needs, declared.vcpus, fits),
    ...sentences.flatMap((sentence) => windowChanges(sentence, needs, fits)),
  ];
  const { place, related } = pointAt(sentences, ({ text }) => `and this: ${text}`);
  const declaration = { message: `${subject} is declared here`, ...declared.place };
  const fix = changes.find((one) => one.fix !== null)?.fix;
  findings.add(
    feasibility.noInterface.at(
      place,
      { subject, why: whyRefused(refused, needs, declared, host), changes: changes.map(({ text }) => text) },
      { related: [...related, ...(refused.tasks.length > 0 ? [declaration] : [])], ...(fix ? { fix } : {}) },
    ),
  );
}

/** Reports that a guest has more tasks than are analysed. */
export function reportTooManyTasks(
  subject: string,
  sentences: readonly ReserveSentence[],
  declared: GuestClass,
  { findings }: CombineContext,
): void {
  const why = `it declares ${declared.tasks.length} tasks, and at most ${MOST_TASKS} can be analysed`;
  const { place, related } = pointAt(sentences, ({ text }) => `and this: ${text}`);
  findings.add(feasibility.noInterface.at(place, { subject, why, changes: [] }, { related }));
}

/** Ends the sentence "… cannot be reserved what it asks for: ". */
function whyRefused(
  { tasks, miss, proof }: RefusedInterface,
  needs: GuestNeeds,
  { vcpus }: GuestClass,
  host: EffectiveHost,
): string {
  const limit = `${decimal(`${host.deadlineLimit.num}/${host.deadlineLimit.den}`)} of a core (context switches included)`;
  const ticks = host.facts.hrtickDeadline
    ? ''
    : ` (budgets are enforced at ticks of ${formatDuration(host.tickNs)}, and a server may have run ahead)`;
  if (miss === null && tasks.length === 0) return `a server may take at most ${limit}: too little for any`;
  if (miss === null) {
    const sure = proof ? 'cannot' : 'could not';
    return `its tasks need ${rateText(tasks)} in all, and ${sure} be divided among ${vcpus} vCPUs such that a server of at most ${limit} suffices for each${ticks}`;
  }
  const { server, point } = miss;
  if (point === null) {
    return `${names(tasks)} take ${rateText(tasks)} in the long run, and the server of a vCPU at most ${limit}${ticks}`;
  }
  const asked =
    tasks.length === 0
      ? `${formatDuration(point.demandNs)} is asked for in any ${formatDuration(point.windowNs)}`
      : `${formatDuration(point.windowNs)} can hold ${formatDuration(point.demandNs)} of ${names(tasks)}${needs.windows.length > 0 ? ' or of a window' : ''} on one vCPU`;
  const cycle = cycleText(BigInt(server.budgetNs), BigInt(server.periodNs));
  return `${asked}, and the best server of at most ${limit}, ${cycle}, is sure to supply ${formatDuration(point.supplyNs)} in that time${ticks}`;
}

const names = (tasks: readonly GuestTask[]): string =>
  `${tasks.length === 1 ? 'task' : 'tasks'} ${joinWords(tasks.map(({ name }) => name))}`;

function rateText(tasks: readonly GuestTask[]): string {
  const rate = sum(tasks.map(({ costNs, periodNs }) => rational(costNs, periodNs)));
  return `${decimal(`${rate.num}/${rate.den}`)} ${compare(rate, rational(1n)) === 0 ? 'core' : 'cores'}`;
}

type FitTest = (needs: GuestNeeds, vcpus?: number) => boolean;

/** It may take less, or have longer until its deadline. */
function taskChanges(task: GuestTask, needs: GuestNeeds, fits: FitTest): readonly Change[] {
  if (needs.tasks.length > MOST_TASKS_FOR_CHANGES) return [];
  const fitsWith = (changed: GuestTask) =>
    fits({ ...needs, tasks: needs.tasks.map((one) => (one === task ? changed : one)) });
  const cost = most(1n, task.costNs / STEP_NS - 1n, (step) => fitsWith({ ...task, costNs: step * STEP_NS }));
  const spare = (task.periodNs - task.deadlineNs) / STEP_NS;
  const given = most(0n, spare, (step) => fitsWith({ ...task, deadlineNs: task.periodNs - step * STEP_NS }));
  const text = (what: string) => ({ text: `task ${task.name} ${what}`, fix: null });
  return [
    ...(cost === null ? [] : [text(`${cycleText(cost * STEP_NS, task.periodNs)}`)]),
    ...(given === null || spare === 0n
      ? []
      : [text(`within ${formatDuration(task.periodNs - given * STEP_NS)}`)]),
  ];
}

function vcpuChanges(needs: GuestNeeds, vcpus: number, fits: FitTest): readonly Change[] {
  const { length } = needs.tasks;
  if (length > MOST_TASKS_FOR_CHANGES) return [];
  // Each one fewer, as long as that is enough.
  const spared = most(0n, BigInt(length - vcpus - 1), (fewer) => fits(needs, length - Number(fewer)));
  return spared === null ? [] : [{ text: `vcpus ${length - Number(spared)}`, fix: null }];
}

/** Less in any window; by the sentence's own text where it has that. */
function windowChanges(
  { form, text, place }: ReserveSentence,
  needs: GuestNeeds,
  fits: FitTest,
): readonly Change[] {
  if (form.kind !== 'in-any') return [];
  const [windowNs, demandNs] = [Number(form.windowNs), Number(form.budgetNs)];
  const fitsWith = (budgetNs: bigint) =>
    fits({
      ...needs,
      windows: needs.windows.map((one) =>
        one.windowNs === windowNs && one.demandNs === demandNs ? { ...one, demandNs: Number(budgetNs) } : one,
      ),
    });
  const budget = most(1n, (form.budgetNs - 1n) / STEP_NS, (step) => fitsWith(step * STEP_NS));
  if (budget === null) return [];
  const written = formatDuration(budget * STEP_NS);
  const changed = text.replace(/\d+(?:\.\d+)?(?:ns|us|ms|s)(?=\s+in\s+any\b)/, written);
  if (!text.startsWith('reserve'))
    return [{ text: `${written} in any ${formatDuration(form.windowNs)}`, fix: null }];
  const { file, range } = place;
  return [
    { text: `"${changed}"`, fix: { title: `Write "${changed}"`, edits: [{ file, range, text: changed }] } },
  ];
}

/** The largest step of which a property holds that holds of all smaller ones; null when it holds of none. */
function most(first: bigint, last: bigint, holds: (step: bigint) => boolean): bigint | null {
  if (last < first || !holds(first)) return null;
  let [reached, beyond] = [first, last + 1n];
  while (beyond - reached > 1n) {
    const middle = (reached + beyond) / 2n;
    if (holds(middle)) reached = middle;
    else beyond = middle;
  }
  return reached;
}
