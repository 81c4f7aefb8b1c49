import { formatBound, formatDuration } from '../../support/duration.js';
import type { Setting, SettingOf } from '../plan.js';
import { serverTexts } from './render-interface.js';
import { decimal, joinWords, namedCores, sizeText, wrap } from './render-text.js';

const NAME_COLUMNS = 12;
const MECHANISM_COLUMNS = 13;
/** Of the others there are no gaps and rates to speak of. */
const BOUNDS_CPU: ReadonlySet<Setting['mechanism']> = new Set([
  'reservation',
  'share',
  'quota',
  'duty',
  'freezer',
]);

/**
 * A setting for reading: who, by what, how much; how well that is kept; from which sentences it follows, with their file
 * where the policy has several.
 */
export function settingLines(
  setting: Setting,
  width: number,
  { manyFiles }: { manyFiles: boolean },
): readonly string[] {
  const name = setting.class.padEnd(NAME_COLUMNS);
  const head = `  ${name} ${setting.mechanism.padEnd(MECHANISM_COLUMNS)}`;
  const indent = ' '.repeat(2 + NAME_COLUMNS + 1 + MECHANISM_COLUMNS);
  const why = setting.because
    .map(({ sentence, file, range: { start } }) =>
      manyFiles ? `"${sentence}" (${file}:${start.line})` : `"${sentence}" (line ${start.line})`,
    )
    .join(', ');
  return [
    ...wrap(settingSummary(setting), width, head, indent),
    ...(isPause(setting) ? [] : wrap(settingFidelity(setting), width, indent)),
    ...(why === '' ? [] : wrap(`from ${why}`, width, indent)),
  ];
}

/** Nothing to say about how well a guest is kept from running. */
const isPause = (setting: Setting): boolean =>
  (setting.mechanism === 'duty' || setting.mechanism === 'freezer') && setting.runNs === 0;

/** By what numbers the mechanism keeps it: "20ms every 100ms on each vCPU …", "weight 1536". */
export function settingSummary(setting: Setting): string {
  const each = setting.scope === 'each' ? ' for each guest' : '';
  switch (setting.mechanism) {
    case 'reservation': {
      const { budgetNs, periodNs } = setting.overhead;
      return `${serverTexts(setting)}${setting.vcpus ? ';' : ','} main loop ${cycle(budgetNs, periodNs)}`;
    }
    case 'share':
      if (setting.nice !== undefined) return niceText(setting);
      if (setting.idle) return 'runs only when nothing else wants the CPU';
      return `weight ${setting.weight}${setting.floorCores === null ? '' : `, at least ${coreCount(setting.floorCores)}`}${each}`;
    case 'quota':
      return `${quotaText(setting)}${each}, counted every ${formatDuration(setting.periodNs)}`;
    case 'duty':
    case 'freezer':
      return setting.runNs === 0 ? 'paused' : `${dutyText(setting)}${each}`;
    case 'placement':
      return `only on ${namedCores(setting.cores)}`;
    case 'stop':
      return `powered down, and ended after ${formatDuration(setting.withinNs)}`;
    case 'memory':
      return `${joinWords(memoryTexts(setting))}${each}`;
    case 'disk':
      return `at most ${joinWords(diskTexts(setting))}${each}`;
    case 'network':
      return `at most ${sizeText(setting.bytesPerSecond)}/s in each direction${each}`;
  }
}

function niceText({ nice = 0, weight, floorCores, idle }: SettingOf<'share'>): string {
  const promised = floorCores === null ? '' : `, at least ${coreCount(floorCores)} each`;
  const giving = idle ? ', to give way' : '';
  return `nice ${nice} (weight ${weight}) for the session of each guest${promised}${giving}`;
}

function quotaText({ ceilingCores, elastic }: SettingOf<'quota'>): string {
  if (!elastic) return `at most ${coreCount(ceilingCores)}`;
  const { base, minus, fromCores, toCores } = elastic;
  const range = `between ${decimal(fromCores)} and ${coreCount(toCores)}`;
  return `at most ${coreCount(base)} less ${signalText(minus)}, ${range}`;
}

function signalText(subject: NonNullable<SettingOf<'quota'>['elastic']>['minus']): string {
  if (subject.kind === 'signal') return subject.signal;
  const side = subject.side === 'upper' ? '' : 'lower ';
  return `forecast(${subject.signal} over ${formatDuration(subject.overNs)} at ${side}${decimal(subject.level * 100)}%)`;
}

const memoryTexts = ({ ceilingBytes, floorBytes }: SettingOf<'memory'>): readonly string[] => [
  ...(floorBytes === null ? [] : [`at least ${sizeText(floorBytes)}`]),
  ...(ceilingBytes === null ? [] : [`at most ${sizeText(ceilingBytes)}`]),
];

const diskTexts = ({ bytesPerSecond, iops }: SettingOf<'disk'>): readonly string[] => [
  ...(bytesPerSecond === null ? [] : [`${sizeText(bytesPerSecond)}/s`]),
  ...(iops === null ? [] : [`${iops} operations a second`]),
];

/** How well it is kept: "hard: longest gap 160ms". */
export function settingFidelity({
  mechanism,
  fidelity: { kind, worstGapNs, rateError, note },
}: Setting): string {
  const about = note === undefined ? '' : `; ${note}`;
  if (!BOUNDS_CPU.has(mechanism)) return `${kind}${about}`;
  const gap = worstGapNs === null ? 'no bound on gaps' : `longest gap ${formatBound(worstGapNs)}`;
  const error = rateError === 0 ? '' : `, rate within ${decimal(rateError * 100)}%`;
  return `${kind}: ${gap}${error}${about}`;
}

function dutyText({ runNs, periodNs, elevated, floorCores }: SettingOf<'duty' | 'freezer'>): string {
  const promised = floorCores === undefined ? '' : `, at least ${coreCount(floorCores)} in all,`;
  return `runs ${cycle(runNs, periodNs)}${elevated ? ' at real-time priority' : ''}${promised}`;
}

const coreCount = (cores: number): string => `${decimal(cores)} ${cores === 1 ? 'core' : 'cores'}`;

const cycle = (runNs: number, periodNs: number): string =>
  `${formatDuration(runNs)} every ${formatDuration(periodNs)}`;
