import type { ForecastAnswer } from '../../rps/index.js';
import { formatDuration } from '../../support/duration.js';
import { renderTable } from './table.js';

/** At most so many steps of a forecast are shown. */
const ROWS = 12;

/** A forecast for people: some of its steps, the average, the model and how it did so far. */
export function renderForecast(forecast: ForecastAnswer): string {
  const { signal, unit, steps, average, level, model, samples, status } = forecast;
  if (!average || steps.length === 0) return `${signal}: no forecast (${status})`;
  const stride = Math.ceil(steps.length / ROWS);
  const shown = steps.filter((_, i) => (i + 1) % stride === 0 || i === 0 || i === steps.length - 1);
  const number = (value: number) => value.toFixed(2);
  const row = (label: string, { mean, lower, upper }: { mean: number; lower: number; upper: number }) => [
    label,
    number(mean),
    number(lower),
    number(upper),
  ];
  const horizon = formatDuration(steps.at(-1)?.horizonNs ?? 0);
  const percent = `${Number((level * 100).toFixed(4))}%`;
  const rows = [
    ...shown.map((step) => row(`in ${formatDuration(step.horizonNs)}`, step)),
    row(`average of ${horizon}`, average),
  ];
  return [
    `${signal}, ${unit}; limits hold with ${percent}`,
    renderTable(['', 'mean', 'lower', 'upper'], rows),
    `${model} on ${samples} samples, fitted in ${formatDuration(Math.round(forecast.fitNs))}; ${audit(forecast)}`,
  ].join('\n');
}

function audit({ coverage, errorAgainstLast }: ForecastAnswer): string {
  if (coverage === null) return 'none of its forecasts has come due yet';
  const error =
    errorAgainstLast === null ? '' : `, squared error ${errorAgainstLast.toFixed(2)} of persistence’s`;
  return `so far ${(coverage * 100).toFixed(1)}% of outcomes lay inside${error}`;
}
