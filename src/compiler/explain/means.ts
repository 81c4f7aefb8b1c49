import type { HostDeclaration, Sentence } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { rational } from '../../support/rational.js';
import { type Resource, resourceText } from '../claims/resource.js';
import type { EffectiveHost } from '../effective-host.js';
import type { HostMechanism } from '../facts.js';
import { ABLE, effectOf } from '../mechanism-choice.js';
import type { Setting } from '../plan.js';
import { settingSummary } from '../render/render-setting.js';
import { decimal, joinWords } from '../render/render-text.js';
import type { Means } from './point.js';
import { idOf, type View } from './view.js';

/** A setting of the schedule as what keeps something, with why it is this mechanism. */
export function meansOf(setting: Setting, { situation, context }: View): Means {
  const cited = new Set(setting.because.map(idOf));
  const sentences = situation.active
    .map(({ sentence }) => sentence)
    .filter((one) => cited.has(idOf(one.place)));
  const chosen = sentences.find((one) => context.mechanisms.get(one) === setting.mechanism);
  return {
    mechanism: setting.mechanism,
    on: setting.class,
    numbers: numbersOf(setting, context.host),
    fidelity: fidelityWords(setting),
    why: chosen ? whyMechanism(chosen, context.host, context.model.host) : WITHOUT_CHOICE[setting.mechanism],
    does: DOES[setting.mechanism],
  };
}

/** As the sentences have them: rates in decimal units. */
export function numbersOf(setting: Setting, host: EffectiveHost): string {
  const each = setting.scope === 'each' ? ' for each guest' : '';
  const amount = (resource: Resource, value: number | null): readonly string[] =>
    value === null ? [] : [resourceText({ resource, value: rational(BigInt(value)) }, host)];
  const most = (texts: readonly string[]) => (texts.length === 0 ? [] : [`at most ${joinWords(texts)}`]);
  switch (setting.mechanism) {
    case 'memory': {
      const floor = amount('memory', setting.floorBytes).map((text) => `at least ${text}`);
      return `${joinWords([...floor, ...most(amount('memory', setting.ceilingBytes))])}${each}`;
    }
    case 'disk': {
      const { bytesPerSecond, iops } = setting;
      const texts = [...amount('diskBytesPerSecond', bytesPerSecond), ...amount('diskIops', iops)];
      return `${most(texts).join('')}${each}`;
    }
    case 'network':
      return `${most(amount('networkBytesPerSecond', setting.bytesPerSecond)).join('')}${each}`;
    default:
      return settingSummary(setting);
  }
}

/** Mechanisms that follow from others, and those of amounts other than CPU, which have one way to be kept. */
const WITHOUT_CHOICE: { readonly [M in Setting['mechanism']]: string } = {
  reservation: 'reservations are kept by nothing else',
  share: 'it makes room for what those beside it are promised',
  quota: 'it keeps what the others may have together',
  duty: 'it keeps what the others may have together',
  freezer: 'it keeps what the others may have together',
  placement: 'only where its threads may run can do it',
  stop: 'nothing else ends a guest',
  memory: 'memory has only this way to be kept',
  disk: 'disk rates have only this way to be kept',
  network: 'network rates have only this way to be kept',
};

/** What each mechanism does, in the words of someone who has to live with it. */
const DOES: { readonly [M in Setting['mechanism']]: string } = {
  reservation: 'the kernel runs the thread for its budget in every period, before everything else',
  share: 'weights divide the CPU while more is wanted than there is, and stop nobody while there is enough',
  quota:
    'the kernel counts the CPU time used and halts the guests for the rest of each period once it is used up',
  duty: 'guests are stopped and continued by a timetable (SIGSTOP, SIGCONT)',
  freezer: 'guests are frozen and thawed by a timetable',
  placement: 'the threads run on these cores only',
  stop: 'the guest is asked to power down, and ended when it has not by then',
  memory: "the guest's balloon takes and gives memory, and its cgroup limits what it can hold",
  disk: "QEMU throttles the guest's drives",
  network: "the host shapes the guest's tap devices",
};

function whyMechanism(sentence: Sentence, host: EffectiveHost, declared: HostDeclaration): string {
  const able = ABLE[sentence.kind];
  const used = able.find((name) => host.mechanisms.has(name) && (sentence.by ?? name) === name);
  if (used === undefined) return '';
  const kind = sentence.kind === 'share-equally' ? 'share' : sentence.kind;
  if (sentence.by !== null) return `the sentence asks for it: by ${sentence.by}`;
  const better = able.slice(0, able.indexOf(used));
  if (better.length === 0) return `the first choice for '${kind}'`;
  const missing = joinWords(better.map((name) => `${name} (${whyMissing(name, host, declared)})`));
  return `'${kind}' would better be kept by ${missing}; by ${used} ${effectOf(sentence, used, host)}`;
}

function whyMissing(name: HostMechanism, { facts }: EffectiveHost, { mechanisms }: HostDeclaration): string {
  if (mechanisms !== null && !mechanisms.some((one) => one === name)) return 'ruled out by the policy';
  if (name === 'reservation' && facts.deadlineLimit === 0) return 'SCHED_DEADLINE may not be used here';
  if (name === 'share' || name === 'quota') {
    if (facts.cgroup.version === 0) return 'no cgroups here that may be written';
    if (!facts.cgroup.gather) return 'guests cannot be put into one cgroup here';
  }
  return 'this host cannot do it';
}

/** "66.7ms": three digits are enough to read. */
function roughDuration(ns: number): string {
  const exact = formatDuration(ns);
  return exact.length <= 7 ? exact : formatDuration(Number(ns.toPrecision(3)));
}

const KEPT: { readonly [K in Setting['fidelity']['kind']]: string } = {
  hard: 'kept without exception',
  bounded: 'kept within bounds',
  'best-effort': 'kept as well as can be',
};

/** "kept within bounds: it may wait 75ms for CPU, and over ten seconds the rate is right to 1%". */
function fidelityWords({ mechanism, fidelity, ...setting }: Setting): string {
  const { kind, worstGapNs, rateError, note } = fidelity;
  const isCpu = ['reservation', 'share', 'quota', 'duty', 'freezer'].includes(mechanism);
  const paused = 'runNs' in setting && setting.runNs === 0;
  const gap =
    worstGapNs === null
      ? 'nothing bounds how long it may wait for CPU'
      : worstGapNs === 0
        ? 'it never has to wait for CPU'
        : `it may wait ${roughDuration(worstGapNs)} for CPU`;
  const error = mechanism === 'share' ? 'parts are right' : 'over ten seconds the rate is right';
  const parts = [
    ...(isCpu && !paused ? [gap] : []),
    ...(isCpu && decimal(rateError * 100) !== '0' ? [`${error} to ${decimal(rateError * 100)}%`] : []),
    ...(note === undefined ? [] : [note]),
  ];
  return parts.length === 0 ? KEPT[kind] : `${KEPT[kind]}: ${parts.join('; ')}`;
}
