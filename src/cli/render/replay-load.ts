import type { ReplayLoad } from '../../api/replay-load-schema.js';
import { formatDuration } from '../../support/duration.js';

/** What was played of a trace, for people. */
export function renderReplayLoad(replay: ReplayLoad): string {
  const { trace, steps, stepNs, hogs, interrupted, hostCpuPercent } = replay;
  const time = formatDuration(steps * stepNs);
  const ended = interrupted ? ', then interrupted' : '';
  const host = hostCpuPercent === null ? '' : `host.cpu was ${hostCpuPercent.toFixed(1)}% on the mean`;
  return [`${trace}: ${time} played by ${hogs} threads${ended}`, comparison(replay), host]
    .filter((line) => line !== '')
    .join('\n');
}

function comparison({ unit, wanted, played, meanAbsoluteError, rootMeanSquaredError }: ReplayLoad): string {
  if (wanted === null || played === null || meanAbsoluteError === null || rootMeanSquaredError === null)
    return 'no step was played to its end';
  const shown = (value: number) => (unit === 'percent' ? `${value.toFixed(2)}%` : value.toFixed(3));
  const what = unit === 'percent' ? 'of the whole host' : 'threads';
  return (
    `wanted ${shown(wanted)}, played ${shown(played)} ${what}; ` +
    `single steps off by ${shown(meanAbsoluteError)} on the mean, ${shown(rootMeanSquaredError)} in the root mean square`
  );
}
