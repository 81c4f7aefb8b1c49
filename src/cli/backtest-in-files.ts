import type { Backtest } from '../api/backtest-schema.js';
import { backtest } from '../rps/backtest/backtest.js';
import { forecastAt } from '../rps/backtest/forecast-at.js';
import { bareModel, type MakeForecaster, published } from '../rps/backtest/forecaster.js';
import { HORIZON, LEAST_SAMPLES, type ProtocolName, trainingWindow } from '../rps/backtest/protocol.js';
import { defaultModel, MODEL_NAMES, modelNamed } from '../rps/models/model-catalogue.js';
import { Predictor } from '../rps/predictor.js';
import type { CommandResult, Context } from './command.js';
import { usageError } from './command-error.js';
import type { BacktestArguments } from './commands/backtest.js';
import { ExitCode } from './exit-code.js';
import { readSeries } from './read-series.js';
import { renderBacktest } from './render/backtest.js';
import { renderForecastFan } from './render/forecast-fan.js';
import { writeOrRefuse } from './write-or-refuse.js';

/** What the daemon publishes: its model and its calibration. */
const DEFAULT = 'default';

/** Scores the default and every model that is named on every trace, in the order of the command line. */
export function backtestInFiles(
  { traces, protocol, model, svg, at }: BacktestArguments,
  { quiet, stderr }: Context,
): CommandResult {
  const names = [...new Set([DEFAULT, ...model])];
  const series = traces.map((file) => [file, readSeries(file, LEAST_SAMPLES)] as const);
  for (const name of names) for (const [, samples] of series) checkModel(name, samples.length);
  const fan = svg === undefined ? null : fanOf(series, protocol, at);
  if (svg === undefined && at !== undefined) throw usageError('--at is about the picture of --svg');
  const rows: Backtest['rows'] = [];
  for (const [file, samples] of series) {
    for (const name of names) {
      if (!quiet && stderr.isTTY === true) stderr.write(`\r\u001b[K${file}: ${name}`);
      for (const scores of backtest(samples, makerOf(name), protocol)) {
        rows.push({ series: nameOf(file), model: name, ...scores });
      }
    }
  }
  if (!quiet && stderr.isTTY === true) stderr.write('\r\u001b[K');
  if (svg !== undefined && fan !== null) writeOrRefuse(svg, fan);
  return { exitCode: ExitCode.done, json: { protocol, rows }, text: renderBacktest(rows) };
}

/** Samples before the forecast that are drawn. */
const DRAWN = 60;

/** The picture of one forecast of the default; refused where it cannot be made. */
function fanOf(
  series: readonly (readonly [file: string, samples: Float64Array])[],
  protocol: ProtocolName,
  at: number | undefined,
): string {
  const [only] = series;
  if (only === undefined || series.length > 1) {
    throw usageError(`--svg draws a forecast of one trace, not of ${series.length}`);
  }
  const [file, samples] = only;
  const origin = at ?? samples.length - HORIZON;
  try {
    const forecast = forecastAt(samples, makerOf(DEFAULT), protocol, origin);
    if (forecast === null) throw new RangeError('there is no forecast');
    const known = samples.subarray(Math.max(0, origin - DRAWN), origin);
    const outcomes = samples.subarray(origin, origin + HORIZON);
    return renderForecastFan({ series: nameOf(file), origin, known, forecast, outcomes });
  } catch (error) {
    if (error instanceof RangeError) throw usageError(`--at ${origin}: ${error.message}`);
    throw error;
  }
}

const nameOf = (file: string): string => file.replace(/\.csv$/, '');

/** Before any work is done: is there such a model, and does it fit into the window? */
function checkModel(name: string, samples: number): void {
  try {
    makerOf(name)({ window: trainingWindow(samples), maxSteps: HORIZON });
  } catch (error) {
    if (error instanceof RangeError) throw usageError(`--model ${name}: ${error.message}`);
    throw error;
  }
}

function makerOf(name: string): MakeForecaster {
  if (name === DEFAULT) return (size) => published(new Predictor({ model: defaultModel(size) }));
  return (size) => {
    const model = modelNamed(name, size);
    if (model) return bareModel(model);
    throw usageError(`there is no model '${name}'`, `there are ${MODEL_NAMES.join(', ')}`);
  };
}
