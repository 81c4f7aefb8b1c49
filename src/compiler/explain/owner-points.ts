import { subtract } from '../../support/rational.js';
import { resourceText } from '../claims/resource.js';
import { coresOf, coresText } from '../cpu-amount.js';
import { wholeHost } from '../effective-host.js';
import { coreList } from '../facts.js';
import type { Setting } from '../plan.js';
import { joinWords } from '../render/render-text.js';
import { inOrder, ofSentence } from './contribution.js';
import { meansOf } from './means.js';
import type { Contribution, Point } from './point.js';
import { idOf, type View } from './view.js';

/** What is kept for the owner: CPU, and cores without reservations. */
export function ownerPoints(view: View): readonly Point[] {
  return [...keepPoint(view), ...freeCores(view)];
}

function keepPoint(view: View): readonly Point[] {
  const { demands, schedule, context } = view;
  const { keep } = demands;
  if (!keep) return [];
  const settings = schedule.settings.filter(
    (one) =>
      (one.mechanism === 'share' && one.class === 'owner') ||
      (one.mechanism !== 'memory' && one.class === 'guests' && cites(one, keep.sentences)),
  );
  const amount = resourceText({ resource: 'cpu', value: keep.cores }, context.host);
  return [
    {
      topic: 'least',
      says: `${amount} whenever its own processes want them`,
      from: keepContributions(view),
      leastOf: [],
      steps: keepSteps(view),
      means: settings.map((setting) => meansOf(withoutNote(setting), view)),
    },
  ];
}

/** What is said there of the guests' guarantees is for the guests. */
const withoutNote = (setting: Setting): Setting => {
  if (setting.class !== 'guests') return setting;
  const { note: _, ...fidelity } = setting.fidelity;
  return { ...setting, fidelity };
};

const cites = (
  { because }: Setting,
  sentences: readonly { readonly place: Parameters<typeof idOf>[0] }[],
): boolean => because.some((one) => sentences.some(({ place }) => idOf(place) === idOf(one)));

function keepContributions(view: View): readonly Contribution[] {
  const { situation, demands, context } = view;
  const deciding = new Set(demands.keep?.sentences);
  return inOrder(
    situation.active.flatMap(({ sentence }): Contribution[] => {
      if (sentence.kind !== 'keep' || sentence.amounts.cpu === null) return [];
      const decides = deciding.has(sentence);
      const amount = coresText(coresOf(sentence.amounts.cpu, context.host));
      return [ofSentence(sentence, `keeps ${amount}${decides ? '' : ', which is less'}`, decides, view)];
    }),
  );
}

function keepSteps({ demands, context: { host } }: View): readonly string[] {
  const { keep } = demands;
  if (!keep || keep.mechanism === 'share') return [];
  const left = subtract(wholeHost(host), keep.cores);
  return [`guests together: ${coresText(wholeHost(host))} − ${coresText(keep.cores)} = ${coresText(left)}`];
}

/** Cores on which no guest is before the owner's processes. */
function freeCores(view: View): readonly Point[] {
  const { schedule, context } = view;
  const { reservations } = schedule.proof;
  if (reservations.test !== 'partitioned-edf') return [];
  const used = reservations.cores.filter(({ utilisation }) => utilisation !== '0');
  const free = coreList(context.host.facts).length - used.length;
  return [
    {
      topic: 'placement',
      says: `${free} ${free === 1 ? 'core' : 'cores'} without any reservation`,
      from: [],
      leastOf: [],
      steps: used.map(
        ({ core, servers, utilisation, limit }) =>
          `core ${core}: reservations of ${holders(servers, core, view)} take at most ${percent(utilisation)} of it, ` +
          `where ${percent(limit)} are allowed`,
      ),
      means: [],
    },
  ];
}

function holders(servers: readonly number[], core: number, { schedule }: View): string {
  const classes = servers.flatMap((index) => schedule.servers[index]?.class ?? []);
  const timing = schedule.timing?.core === core ? ["vmc's timing thread"] : [];
  return joinWords([...new Set([...classes, ...timing])]);
}

/** Of "19/20" or "3", as certificates have them. */
const percent = (fraction: string): string => {
  const [num = '0', den = '1'] = fraction.split('/');
  return `${Math.round((Number(num) / Number(den)) * 1000) / 10}%`;
};
