import type { RunningTime } from '../../api/running-time-schema.js';
import { formatDuration } from '../../support/duration.js';

/** When work will be done, for people: the time and its limits, then what they rest on. */
export function renderRunningTime(answer: RunningTime): string {
  const { workNs, level, expectedNs, lowerNs, upperNs, never, basis } = answer;
  const who = answer.class === null ? 'by a process of the owner' : `by a guest of ${answer.class}`;
  const work = `${formatDuration(workNs)} of CPU time ${who}`;
  if (expectedNs === null || lowerNs === null || upperNs === null) return `${work}: ${never}`;
  const percent = `${Number((level * 100).toFixed(4))}%`;
  return [
    `${work}: done in ${rounded(expectedNs)}`,
    `with ${percent} between ${rounded(lowerNs)} and ${rounded(upperNs)}`,
    rateText(basis),
    loadText(basis),
    calibrationText(basis),
  ].join('\n');
}

/** Four digits. */
function rounded(ns: number): string {
  const grain = 10 ** Math.max(0, Math.floor(Math.log10(ns)) - 3);
  return formatDuration(Math.round(ns / grain) * grain);
}

function rateText({ kind, mode, aloneCores, expectedCores }: RunningTime['basis']): string {
  const during = mode === null ? '' : ` in mode ${mode}`;
  return `${kind}${during}: ${(expectedCores ?? 0).toFixed(3)} of a processor, ${aloneCores.toFixed(3)} beside an idle owner`;
}

function loadText({ signal, threads, model, samples, beyondHorizon }: RunningTime['basis']): string {
  const load = `${signal}: ${(threads ?? 0).toFixed(2)} threads, by ${model} on ${samples} samples`;
  return beyondHorizon ? `${load}; longer than it looks ahead, so mostly their mean` : load;
}

function calibrationText({ calibrated, outcomes, coverage }: RunningTime['basis']): string {
  const often = coverage === null ? '' : `; ${(coverage * 100).toFixed(1)}% of all outcomes lay inside`;
  const by = outcomes === 1 ? '1 outcome of like work' : `${outcomes} outcomes of like work`;
  return calibrated ? `calibrated with ${by}${often}` : `not calibrated yet (${by})${often}`;
}
