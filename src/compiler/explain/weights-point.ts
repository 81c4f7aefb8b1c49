import { type Rational, rational } from '../../support/rational.js';
import { HOST } from '../nest.js';
import type { ScheduleProof } from '../plan.js';
import { decimal, joinWords } from '../render/render-text.js';
import { inOrder, ofSentence } from './contribution.js';
import { meansOf } from './means.js';
import type { Contribution, Point } from './point.js';
import { idOf, type View } from './view.js';

type ShareProof = ScheduleProof['shares'][number];
type Child = ShareProof['children'][number];

/** A subject with those that it competes with. */
interface Level {
  readonly proof: ShareProof;
  readonly own: Child;
}

/**
 * What weights give a subject while everything wants CPU; null: no weights are set for it, or they give it
 * nothing to count on.
 */
export function weightsPoint(view: View): Point | null {
  const levels = levelsOf(view);
  const last = levels.at(-1);
  if (!last) return null;
  const path = new Set(levels.map(({ own }) => own.class));
  const settings = view.schedule.settings.filter(
    (one) => one.mechanism === 'share' && path.has(one.class) && one.idle !== true,
  );
  return {
    topic: 'weights',
    says: `about ${cores(last.own.guaranteedCores)} while everything wants CPU`,
    from: contributions(settings, view),
    leastOf: [],
    steps: levels.map((level, index) => stepOf(level, index === 0)),
    means: settings.map((setting) => meansOf(setting, view)),
  };
}

/** What weights give it while everything wants CPU, in cores; null: nothing to count on. */
export function guaranteedPart(view: View): Rational | null {
  const text = levelsOf(view).at(-1)?.own.guaranteedCores;
  if (text === undefined) return null;
  const [num = '0', den = '1'] = text.split('/');
  return rational(BigInt(num), BigInt(den));
}

/** From the host down to the subject; empty where a level has no weights. */
function levelsOf({ key, context, schedule, demands }: View): readonly Level[] {
  const { nest, population } = context;
  const members = population.membersOf(key);
  // Threads with reservations are above all weights.
  if (members.length > 0 && members.every((one) => demands.reservations.has(one))) return [];
  const path: string[] = [];
  for (let at: string | undefined = key; at !== undefined && at !== HOST; at = nest.parentOf.get(at)) {
    path.unshift(at);
  }
  const levels: Level[] = [];
  for (const [index, name] of path.entries()) {
    const parent = index === 0 ? HOST : path[index - 1];
    // At the top the last proof is against an owner who wants as much as he can.
    const proof = schedule.proof.shares.findLast((one) => one.parent === parent);
    const own = proof?.children.find((child) => child.class === name);
    if (!proof || !own) return [];
    levels.push({ proof, own });
  }
  return levels;
}

/** "4.2 cores of guests are divided among batch 40, build 160 and others 100: 4.2 × 40/300 = 0.56 cores". */
function stepOf({ proof, own }: Level, isTop: boolean): string {
  const total = proof.children.reduce((sum, { weight }) => sum + weight, 0);
  const whole = isTop
    ? `${cores(proof.availableCores)}, what reservations leave, are`
    : `${cores(proof.availableCores)} of ${proof.parent} are`;
  const among = siblings([own, ...proof.children.filter((child) => child !== own)]);
  const fraction = `${decimal(proof.availableCores)} × ${own.weight}/${total}`;
  return `${whole} divided among ${among}: ${fraction} = ${cores(own.guaranteedCores)}`;
}

const MOST_SIBLINGS = 7;

function siblings(all: readonly Child[]): string {
  const shown = all.slice(0, MOST_SIBLINGS).map(({ class: name, weight }) => `${name} ${weight}`);
  const more = all.length - shown.length;
  return joinWords(more > 0 ? [...shown, `${more} more`] : shown);
}

function cores(fraction: string): string {
  const value = decimal(fraction);
  return `${value} ${value === '1' ? 'core' : 'cores'}`;
}

function contributions(settings: View['schedule']['settings'], view: View): readonly Contribution[] {
  const { situation, key } = view;
  const of = (setting: (typeof settings)[number]) => new Set(setting.because.map(idOf));
  const own = settings.filter((setting) => setting.class === key).map(of);
  const around = settings.filter((setting) => setting.class !== key).map(of);
  return inOrder(
    situation.active.flatMap(({ sentence }) => {
      // An offer is told by its terms.
      if (sentence.kind === 'offer' || ('amounts' in sentence && sentence.amounts.cpu === null)) return [];
      const id = idOf(sentence.place);
      const decides = own.some((cited) => cited.has(id));
      if (!decides && !around.some((cited) => cited.has(id))) return [];
      return [ofSentence(sentence, roleOf(sentence.kind, decides), decides, view)];
    }),
  );
}

function roleOf(kind: string, own: boolean): string {
  switch (kind) {
    case 'keep':
      return 'sets the guests against the owner';
    case 'guarantee':
      return own ? 'has a weight that keeps it' : 'has to be kept beside it';
    default:
      return own ? 'divides by proportions' : 'divides around it';
  }
}
