import type { Calibration } from '../../enforce/calibration/calibration.js';
import { formatDuration } from '../../support/duration.js';
import { renderTable } from './table.js';

const UNDER: Readonly<Record<Calibration['scheduling'], string>> = {
  deadline: 'Processes preempted another under SCHED_DEADLINE, as reservations do',
  fifo: 'Processes preempted another under SCHED_FIFO, for SCHED_DEADLINE was not to be had or would have kept others waiting',
  normal: 'Processes preempted another without a class of their own, for which the right is missing',
};

/** A calibration for people; `file`: where it was kept. */
export function renderCalibration(calibration: Calibration, file: string | null): string {
  const { contextSwitchesNs, quantile, scheduling, cores } = calibration;
  const percent = `${quantile * 100}%`;
  const rows = cores.map(({ core, preemptions, medianNs, highNs }) => [
    `core ${core}`,
    `${preemptions}`,
    inMicroseconds(medianNs),
    inMicroseconds(highNs),
  ]);
  return [
    `two context switches: ${formatDuration(contextSwitchesNs)} in each period of a reservation`,
    '',
    renderTable(['', 'preemptions', 'half at most', `${percent} at most`], rows),
    '',
    `${UNDER[scheduling]}; each side then had to fetch`,
    '64 KiB into its cache again. The cost of measuring is taken off.',
    file === null ? 'not kept (--dry-run)' : `kept in ${file}`,
  ].join('\n');
}

const inMicroseconds = (ns: number): string => `${(ns / 1000).toFixed(1)}us`;
