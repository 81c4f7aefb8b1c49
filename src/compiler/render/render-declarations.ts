import { formatDuration } from '../../support/duration.js';
import type { Plan } from '../plan.js';
import { decimal, joinWords, sizeText, wrap } from './render-text.js';

/** What holds beside the schedules, for reading: budgets, offers, guests that are the owner's own, pushed signals. */
export function declarationLines(plan: Plan, width: number): readonly string[] {
  const lines = [
    ...plan.budgets.map((budget) => budgetText(budget)),
    ...plan.offers.map((offer) => offerText(offer, plan)),
    ...(plan.ignored.length > 0 ? [`Left alone: guests with ${alternatives(plan.ignored)}`] : []),
    ...(plan.signals.length > 0
      ? [`Pushed from outside: ${joinWords(plan.signals.map(({ name }) => name))}`]
      : []),
  ];
  return lines.length === 0 ? [] : ['', ...lines.flatMap((line) => wrap(line, width, '', '  '))];
}

const HOUR_NS = 3_600_000_000_000;

function budgetText({
  class: name,
  scope,
  workNs,
  per,
  then,
  while: conditions,
}: Plan['budgets'][number]): string {
  const whose = scope === 'each' ? `each guest of ${name}` : name;
  const work =
    workNs >= HOUR_NS ? `${decimal(workNs / HOUR_NS)} core-hours` : `${formatDuration(workNs)} of a core`;
  const when = conditions.map(({ condition, expected }) => (expected ? condition : `not (${condition})`));
  const counted = when.length === 0 ? '' : `, counted while ${joinWords(when)}`;
  const after = { pause: ', then paused', limit: ', then limited' };
  return `Budget: ${whose} ${work} per ${per}${counted}${then === null ? ', only reported' : after[then]}`;
}

function offerText({ name, count, vcpus, memoryBytes, modes }: Plan['offers'][number], plan: Plan): string {
  const memory = memoryBytes === null ? '' : ` and ${sizeText(memoryBytes)} of memory`;
  const where =
    modes.length === plan.modes.length ? 'in every mode' : `in ${modes.length} of ${plan.modes.length} modes`;
  return `Offer: ${count} ${name} with ${vcpus === 1 ? '1 vCPU' : `${vcpus} vCPUs`}${memory}, ${where}`;
}

const alternatives = (ignored: Plan['ignored']): string =>
  ignored
    .map(({ match }) =>
      joinWords(match.map(({ attribute, pattern }) => `${attribute} ${JSON.stringify(pattern)}`)),
    )
    .join(', or with ');
