import { formatDuration } from '../support/duration.js';
import type { Setting } from './plan.js';
import { decimal, wrap } from './render-text.js';

const NAME_COLUMNS = 12;
const MECHANISM_COLUMNS = 13;

/** A setting for reading: who, by what, how much; how well that is kept; from which sentences it follows. */
export function settingLines(setting: Setting, width: number): readonly string[] {
  const name = setting.class.padEnd(NAME_COLUMNS);
  const head = `  ${name} ${setting.mechanism.padEnd(MECHANISM_COLUMNS)}`;
  const indent = ' '.repeat(2 + NAME_COLUMNS + 1 + MECHANISM_COLUMNS);
  const why = setting.because
    .map(({ sentence, file, range }) => `"${sentence}" (${file}:${range.start.line})`)
    .join(', ');
  return [
    ...wrap(summary(setting), width, head, indent),
    ...(isPause(setting) ? [] : wrap(fidelity(setting), width, indent)),
    ...(why === '' ? [] : wrap(`from ${why}`, width, indent)),
  ];
}

/** Nothing to say about how well a guest is kept from running. */
const isPause = (setting: Setting): boolean =>
  (setting.mechanism === 'duty' || setting.mechanism === 'freezer') && setting.runNs === 0;

function summary(setting: Setting): string {
  const each = setting.scope === 'each' ? ' for each guest' : '';
  switch (setting.mechanism) {
    case 'reservation': {
      const rate = decimal(setting.budgetNs / setting.periodNs);
      return `${cycle(setting.budgetNs, setting.periodNs)} on each vCPU (${rate} of a core), main loop ${cycle(setting.overhead.budgetNs, setting.overhead.periodNs)}`;
    }
    case 'share':
      return `weight ${setting.weight}${setting.floorCores === null ? '' : `, at least ${coreCount(setting.floorCores)}`}${each}`;
    case 'quota':
      return `at most ${coreCount(setting.ceilingCores)}${each}, counted every ${formatDuration(setting.periodNs)}`;
    case 'duty':
    case 'freezer':
      return setting.runNs === 0 ? 'paused' : `runs ${cycle(setting.runNs, setting.periodNs)}${each}`;
    case 'placement':
      return `on cores ${setting.cores.join(', ')}`;
  }
}

function fidelity({ fidelity: { kind, worstGapNs, rateError, note } }: Setting): string {
  const gap = worstGapNs === null ? 'no bound on gaps' : `longest gap ${formatDuration(worstGapNs)}`;
  const error = rateError === 0 ? '' : `, rate within ${decimal(rateError * 100)}%`;
  return `${kind}: ${gap}${error}${note === undefined ? '' : `; ${note}`}`;
}

const coreCount = (cores: number): string => `${decimal(cores)} ${cores === 1 ? 'core' : 'cores'}`;

const cycle = (runNs: number, periodNs: number): string =>
  `${formatDuration(runNs)} every ${formatDuration(periodNs)}`;
