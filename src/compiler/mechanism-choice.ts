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
  keep: ['share', 'quota', 'duty', 'freezer'],
  limit: ['quota', 'duty', 'freezer'],
  reserve: ['reservation', 'duty', 'freezer'],
  guarantee: ['share', 'duty', 'freezer'],
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

/** What a mechanism that is not the first choice comes to. */
const EFFECTS: { readonly [K in HostMechanism]: string } = {
  reservation: 'exactly',
  placement: 'on these cores',
  share: 'under contention only',
  quota: 'a ceiling holds even while the CPU is idle',
  duty: 'guests are stopped and continued by a timetable, even while the CPU is idle',
  freezer: 'guests are frozen and thawed by a timetable, even while the CPU is idle',
};

const WITHOUT_OTHERS = 'guests of no class are left out, for how many of them there will be nobody knows';

/** Stopping guests: by signals, or by the freezer. */
export const isStopping = (name: HostMechanism): boolean => name === 'duty' || name === 'freezer';

/** It acts on each guest by itself, so that what is set for several together has to be divided among them. */
const divides = (name: HostMechanism, { gathers }: EffectiveHost): boolean =>
  isStopping(name) || (name === 'quota' && !gathers);

/** A limit on a sum of guests whose number nobody knows cannot be divided. */
const speaksOfOthersOnly = (sentence: Sentence): boolean =>
  sentence.kind === 'limit' && sentence.subject.kind === 'others';

const includesOthers = (sentence: Sentence): boolean =>
  sentence.kind === 'keep' ||
  sentence.kind === 'guarantee' ||
  (sentence.kind === 'limit' && sentence.subject.kind === 'guests') ||
  (sentence.kind === 'share' &&
    sentence.parts.some(({ subject }) => subject.kind === 'others' || subject.kind === 'guests'));

/** Whether a mechanism that the host has can keep this very sentence. */
function canKeep(sentence: Sentence, name: HostMechanism, host: EffectiveHost): boolean {
  if (sentence.kind === 'reserve' && isStopping(name)) return host.elevates;
  return !(divides(name, host) && speaksOfOthersOnly(sentence));
}

/** What keeping this sentence by a mechanism that is not the first choice costs. */
export function effectOf(sentence: Sentence, used: HostMechanism, host: EffectiveHost): string {
  const leavesOut = divides(used, host) && includesOthers(sentence) ? `; ${WITHOUT_OTHERS}` : '';
  const divided =
    used === 'quota' && !host.gathers ? '; each guest has its part, and cannot use that of another' : '';
  const own = sentence.kind === 'reserve' ? '; in its times it has real-time priority' : '';
  const owner =
    sentence.kind === 'guarantee' && isStopping(used)
      ? "; other guests make room for it, the owner's work does not"
      : '';
  return `${EFFECTS[used]}${divided}${own}${owner}${leavesOut}`;
}

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
  const wanted = sentence.by === null ? able : [sentence.by];
  const mechanism = wanted.find((name) => host.mechanisms.has(name) && canKeep(sentence, name, host));
  if (mechanism === undefined) {
    const report = degrade ? hostLimits.leftOut : hostLimits.missingMechanism;
    findings.add(report.at(sentence.place, { needed: neededFor(sentence, wanted, host) }));
    return null;
  }
  const first = able[0];
  if (sentence.by === null && first !== undefined && mechanism !== first) {
    const effect = effectOf(sentence, mechanism, host);
    findings.add(hostLimits.fallback.at(sentence.place, { first, used: mechanism, effect }));
  }
  if (sentence.by !== null && divides(mechanism, host) && includesOthers(sentence)) {
    findings.add(hostLimits.othersLeftOut.at(sentence.place, { by: mechanism }));
  }
  if (mechanism === 'share' && host.weightsBy === 'nice') {
    findings.add(hostLimits.approximate.at(sentence.place, {}));
  }
  return mechanism;
}

/** Without what can never keep the sentence; with what else it takes. */
function neededFor(
  sentence: Sentence,
  wanted: readonly HostMechanism[],
  host: EffectiveHost,
): readonly string[] {
  const possible = wanted.filter((name) => !(divides(name, host) && speaksOfOthersOnly(sentence)));
  if (possible.length === 0) return ABLE[sentence.kind].slice(0, 1);
  return possible.map((name) =>
    sentence.kind === 'reserve' && isStopping(name) ? `${name} at real-time priority` : name,
  );
}
