import type { Sentence } from '../lang/model.js';
import { hostLimits } from './catalogue.js';
import type { EffectiveHost } from './effective-host.js';
import type { HostMechanism } from './facts.js';
import type { Findings } from './findings.js';

/**
 * For each kind of sentence the mechanisms that can keep it, best first: analysis of mechanisms, section 1. Kinds
 * without any need none: they count, end guests, or are checked when the policy is compiled.
 */
export const ABLE: { readonly [K in Sentence['kind']]: readonly HostMechanism[] } = {
  keep: ['share', 'quota'],
  limit: ['quota', 'duty', 'freezer'],
  reserve: ['reservation'],
  guarantee: ['share'],
  share: ['share', 'quota', 'duty', 'freezer'],
  'share-equally': ['share', 'quota', 'duty', 'freezer'],
  run: ['duty', 'freezer'],
  pause: ['duty', 'freezer'],
  yield: ['share'],
  place: ['placement'],
  stop: [],
  budget: [],
  offer: [],
  assert: [],
};

/** What keeping a sentence by other than the first mechanism costs. */
export const EFFECTS: { readonly [K in HostMechanism]: string } = {
  reservation: 'exactly',
  placement: 'on these cores',
  share: 'under contention only',
  quota: 'a ceiling holds even while the CPU is idle',
  duty: 'guests are stopped and continued by a timetable, even while the CPU is idle',
  freezer: 'guests are frozen and thawed by a timetable, even while the CPU is idle',
};

const WITHOUT_OTHERS = '; guests of no class are left out, for how many of them there will be nobody knows';

const isStopping = (name: HostMechanism): boolean => name === 'duty' || name === 'freezer';

/** A limit on a sum of guests whose number nobody knows cannot be divided into their times to run. */
const speaksOfOthersOnly = (sentence: Sentence): boolean =>
  sentence.kind === 'limit' && sentence.subject.kind === 'others';

const includesOthers = (sentence: Sentence): boolean =>
  (sentence.kind === 'limit' && sentence.subject.kind === 'guests') ||
  (sentence.kind === 'share' &&
    sentence.parts.some(({ subject }) => subject.kind === 'others' || subject.kind === 'guests'));

/** The mechanism that keeps each sentence; sentences that none can keep are absent (and reported). */
export function chooseMechanisms(
  sentences: readonly Sentence[],
  host: EffectiveHost,
  degrade: boolean,
  findings: Findings,
): ReadonlyMap<Sentence, HostMechanism> {
  const chosen = new Map<Sentence, HostMechanism>();
  for (const sentence of sentences) {
    if (!needsMechanism(sentence)) continue;
    const mechanism = choose(sentence, host, degrade, findings);
    if (mechanism !== null) chosen.set(sentence, mechanism);
  }
  return chosen;
}

/** Mechanisms are chosen for CPU; every other amount has one way to be kept. */
function needsMechanism(sentence: Sentence): boolean {
  if ('amounts' in sentence) return sentence.amounts.cpu !== null;
  return ABLE[sentence.kind].length > 0;
}

function choose(
  sentence: Sentence,
  host: EffectiveHost,
  degrade: boolean,
  findings: Findings,
): HostMechanism | null {
  const able = ABLE[sentence.kind];
  if (sentence.by !== null && !able.includes(sentence.by)) {
    findings.add(
      hostLimits.wrongMechanism.at(sentence.place, { kind: sentence.kind, asked: sentence.by, able }),
    );
    return null;
  }
  const wanted = (sentence.by === null ? able : [sentence.by]).filter(
    (name) => !isStopping(name) || !speaksOfOthersOnly(sentence),
  );
  const mechanism = wanted.find((name) => host.mechanisms.has(name));
  if (mechanism === undefined) {
    const report = degrade ? hostLimits.leftOut : hostLimits.missingMechanism;
    findings.add(report.at(sentence.place, { needed: wanted.length > 0 ? wanted : able.slice(0, 1) }));
    return null;
  }
  const first = able[0];
  if (sentence.by === null && first !== undefined && mechanism !== first) {
    const leavesOut = isStopping(mechanism) && includesOthers(sentence);
    const effect = `${EFFECTS[mechanism]}${leavesOut ? WITHOUT_OTHERS : ''}`;
    findings.add(hostLimits.fallback.at(sentence.place, { first, used: mechanism, effect }));
  }
  return mechanism;
}
