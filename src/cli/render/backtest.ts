import type { Backtest } from '../../api/backtest-schema.js';
import { renderTable } from './table.js';

const HEADER = ['series', 'model', 'steps', 'scored', 'MSE', 'MAE', 'MASE', 'in 80%', 'in 95%'];

/** Scores for people; a series with nothing to score is said to be constant. */
export function renderBacktest(rows: Backtest['rows']): string {
  const scored = rows.filter(({ n }) => n > 0);
  const names = [...new Set(rows.map(({ series }) => series))];
  const constant = names.filter((name) => rows.every(({ series, n }) => series !== name || n === 0));
  const cells = scored.map(({ series, model, h, n, mse, mae, mase, cov80, cov95 }) => [
    series,
    model,
    `${h}`,
    `${n}`,
    ...[mse, mae, mase].map((value) => (value === null ? '-' : value.toPrecision(4))),
    ...[cov80, cov95].map((share) => (share === null ? '-' : `${(100 * share).toFixed(1)}%`)),
  ]);
  return [
    ...(cells.length > 0 ? [renderTable(HEADER, cells)] : []),
    ...constant.map((name) => `${name}: as good as constant everywhere; nothing to score`),
  ].join('\n');
}
