import type { ForecastUpdate } from '../../api/client.js';
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
  const rows = [
    ...shown.map((step) => row(`in ${formatDuration(step.horizonNs)}`, step)),
    row(`average of ${horizon}`, average),
  ];
  return [
    `${signal}, ${unit}; limits hold with ${percent(level)}`,
    renderTable(['', 'mean', 'lower', 'upper'], rows),
    `${model} on ${samples} samples, fitted in ${formatDuration(Math.round(forecast.fitNs))}; ${audit(forecast)}`,
  ].join('\n');
}

/** Many forecasts for people: the average of each over its horizon. */
export function renderForecasts(forecasts: readonly ForecastAnswer[]): string {
  if (forecasts.length === 0) return '';
  const share = (value: number | null) => (value === null ? '-' : `${(value * 100).toFixed(1)}%`);
  const rows = forecasts.map(
    ({ signal, unit, steps, average, level, status, coverage, errorAgainstLast }) => [
      signal,
      unit,
      steps.length === 0 ? '-' : formatDuration(steps.at(-1)?.horizonNs ?? 0),
      average?.mean.toFixed(2) ?? '-',
      average?.lower.toFixed(2) ?? '-',
      average?.upper.toFixed(2) ?? '-',
      percent(level),
      share(coverage),
      errorAgainstLast?.toFixed(2) ?? '-',
      status,
    ],
  );
  const header = ['average of', '', 'over', 'mean', 'lower', 'upper', 'level', 'inside', 'error', 'status'];
  return [
    renderTable(header, rows),
    'inside: share of outcomes within the limits so far; error: squared, as a fraction of persistence’s',
  ].join('\n');
}

/** One forecast of those that come, on a line. */
export function renderUpdate({ skipped, forecast }: ForecastUpdate): string {
  const { signal, steps, average, level, status, atMs } = forecast;
  const time = new Date(atMs).toISOString().slice(11, 19);
  const missed = skipped === 0 ? '' : `  (${skipped} skipped)`;
  if (!average) return `${time}  ${signal}: no forecast (${status})${missed}`;
  const [mean, lower, upper] = [average.mean, average.lower, average.upper].map((one) => one.toFixed(2));
  const horizon = formatDuration(steps.at(-1)?.horizonNs ?? 0);
  return `${time}  ${signal}: ${mean} on average of ${horizon}, ${lower} to ${upper} with ${percent(level)}${missed}`;
}

const percent = (level: number): string => `${Number((level * 100).toFixed(4))}%`;

function audit({ coverage, errorAgainstLast }: ForecastAnswer): string {
  if (coverage === null) return 'none of its forecasts has come due yet';
  const error =
    errorAgainstLast === null ? '' : `, squared error ${errorAgainstLast.toFixed(2)} of persistence’s`;
  return `so far ${(coverage * 100).toFixed(1)}% of outcomes lay inside${error}`;
}
