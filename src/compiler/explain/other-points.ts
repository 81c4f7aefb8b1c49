import type { Amounts, Sentence } from '../../lang/model.js';
import { formatRational, rational } from '../../support/rational.js';
import { amountOf, type Resource, resourceText } from '../claims/resource.js';
import type { Setting } from '../plan.js';
import { inOrder, ofSentence } from './contribution.js';
import { meansOf, numbersOf } from './means.js';
import type { Contribution, Point } from './point.js';
import { isAround, meet, spokenOf } from './subjects-around.js';
import type { View } from './view.js';

/** Cores that a subject is placed on, memory, disk, network, budgets. */
export function otherPoints(view: View): readonly Point[] {
  return [
    ...placementPoint(view),
    ...amountPoint('memory', ['memory'], view),
    ...amountPoint('disk', ['diskBytesPerSecond', 'diskIops'], view),
    ...amountPoint('network', ['networkBytesPerSecond'], view),
    ...budgetPoint(view),
  ];
}

function placementPoint(view: View): readonly Point[] {
  const { key, context, demands, schedule, situation } = view;
  const members = context.population.membersOf(key);
  const placed = members.flatMap((member) => {
    const placement = demands.placements.get(member);
    return placement ? [{ member, ...placement }] : [];
  });
  const [first] = placed;
  if (!first) return [];
  const alike =
    placed.length === members.length && placed.every(({ cores }) => cores.join() === first.cores.join());
  const deciding = new Set(placed.flatMap(({ sentences }) => sentences));
  const from = situation.active.flatMap(({ sentence }): Contribution[] => {
    if (sentence.kind !== 'place' || !deciding.has(sentence)) return [];
    return [ofSentence(sentence, 'leaves these cores', true, view)];
  });
  return [
    {
      topic: 'placement',
      says: alike
        ? coresWords(first.cores)
        : placed.map(({ member, cores }) => `${member} ${coresWords(cores)}`).join(', '),
      from: inOrder(from),
      leastOf: [],
      steps: deciding.size > 1 ? ['the cores that all of them name'] : [],
      means: schedule.settings
        .filter((one) => one.mechanism === 'placement' && members.includes(one.class))
        .map((setting) => meansOf(setting, view)),
    },
  ];
}

/** "only on cores 0-15". */
function coresWords(cores: readonly number[]): string {
  const ranges: string[] = [];
  for (let start = 0; start < cores.length; ) {
    let end = start;
    // INVARIANT: both indices are within the list, which ascends.
    while (end + 1 < cores.length && cores[end + 1] === cores[end]! + 1) end++;
    ranges.push(start === end ? String(cores[start]) : `${cores[start]}-${cores[end]}`);
    start = end + 1;
  }
  return `only on ${cores.length === 1 ? 'core' : 'cores'} ${ranges.join(', ')}`;
}

type AmountTopic = 'memory' | 'disk' | 'network';

/** Bounds of a subject, of each of its guests, and of what it is part of. */
function amountPoint(topic: AmountTopic, resources: readonly Resource[], view: View): readonly Point[] {
  const { key, context, schedule } = view;
  const settings = schedule.settings.filter(
    (one) => one.mechanism === topic && isAround(one.class, key, context.population),
  );
  const within = schedule.settings.filter(
    (one) => one.mechanism === topic && one.class !== key && isAround(key, one.class, context.population),
  );
  const all = [...settings, ...within];
  if (all.length === 0) return [];
  return [
    {
      topic,
      says: all.map((setting) => saysOf(setting, key, context)).join('; '),
      from: amountContributions(topic, resources, view),
      leastOf: [],
      steps: [],
      means: all.map((setting) => meansOf(setting, view)),
    },
  ];
}

function saysOf(setting: Setting, key: string, { host }: View['context']): string {
  const text = numbersOf(setting, host);
  if (setting.class === key) return text;
  return setting.class === 'guests' ? `all guests together ${text}` : `${setting.class} ${text}`;
}

function amountContributions(
  topic: AmountTopic,
  resources: readonly Resource[],
  view: View,
): readonly Contribution[] {
  const { key, context, situation, schedule } = view;
  const cited = new Set(
    schedule.settings
      .filter(({ mechanism }) => mechanism === topic)
      .flatMap(({ because }) => because.map((one) => `${one.file}:${one.range.start.offset}`)),
  );
  return inOrder(
    situation.active.flatMap(({ sentence }): Contribution[] => {
      if (!('amounts' in sentence)) return [];
      const concerns =
        sentence.kind === 'keep'
          ? topic === 'memory'
          : spokenOf(sentence).some((one) => meet(one, key, context.population));
      const texts = amountTexts(sentence.amounts, resources, context);
      if (!concerns || texts.length === 0) return [];
      const { file, range } = sentence.place;
      const role = `${VERBS[sentence.kind] ?? 'asks for'} ${texts.join(' and ')}`;
      return [ofSentence(sentence, role, cited.has(`${file}:${range.start.offset}`), view)];
    }),
  );
}

const VERBS: Partial<Readonly<Record<Sentence['kind'], string>>> = {
  keep: 'leaves the owner',
  limit: 'allows',
  guarantee: 'promises',
};

function amountTexts(
  amounts: Amounts,
  resources: readonly Resource[],
  { host }: View['context'],
): readonly string[] {
  return resources.flatMap((resource) => {
    const value = amountOf(amounts, resource, host);
    return value === null ? [] : [resourceText({ resource, value }, host)];
  });
}

const NS_PER_CORE_HOUR = 3_600_000_000_000n;

/** What it may use up in a day, a week or a month. */
function budgetPoint(view: View): readonly Point[] {
  const { key, context, situation } = view;
  const budgets = situation.active.flatMap(({ sentence }) =>
    sentence.kind === 'budget' && spokenOf(sentence).some((one) => isAround(one, key, context.population))
      ? [sentence]
      : [],
  );
  if (budgets.length === 0) return [];
  const texts = budgets.map((budget) => {
    const hours = formatRational(rational(budget.workNs, NS_PER_CORE_HOUR));
    const who = spokenOf(budget).includes(key) ? '' : ` (all of ${spokenOf(budget).join()})`;
    const then =
      budget.then === null ? ', counted only' : `, then ${budget.then === 'pause' ? 'paused' : 'limited'}`;
    return `${hours} core-hours ${budget.each ? 'for each guest ' : ''}per ${budget.per}${who}${then}`;
  });
  return [
    {
      topic: 'budget',
      says: texts.join('; '),
      from: inOrder(budgets.map((one) => ofSentence(one, 'counts the CPU time used', true, view))),
      leastOf: [],
      steps: [],
      means: [],
    },
  ];
}
