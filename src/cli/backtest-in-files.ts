import type { Backtest } from '../api/backtest-schema.js';
import { backtest } from '../rps/backtest/backtest.js';
import { bareModel, type MakeForecaster, published } from '../rps/backtest/forecaster.js';
import { HORIZON, LEAST_SAMPLES, trainingWindow } from '../rps/backtest/protocol.js';
import { defaultModel, MODEL_NAMES, modelNamed } from '../rps/models/model-catalogue.js';
import { Predictor } from '../rps/predictor.js';
import type { CommandResult, Context } from './command.js';
import { usageError } from './command-error.js';
import type { BacktestArguments } from './commands/backtest.js';
import { ExitCode } from './exit-code.js';
import { readSeries } from './read-series.js';
import { renderBacktest } from './render/backtest.js';

/** What the daemon publishes: its model and its calibration. */
const DEFAULT = 'default';

/** Scores the default and every model that is named on every trace, in the order of the command line. */
export function backtestInFiles(
  { traces, protocol, model }: BacktestArguments,
  { quiet, stderr }: Context,
): CommandResult {
  const names = [...new Set([DEFAULT, ...model])];
  const series = traces.map((file) => [file, readSeries(file, LEAST_SAMPLES)] as const);
  for (const name of names) for (const [, samples] of series) checkModel(name, samples.length);
  const rows: Backtest['rows'] = [];
  for (const [file, samples] of series) {
    for (const name of names) {
      if (!quiet && stderr.isTTY === true) stderr.write(`\r\u001b[K${file}: ${name}`);
      for (const scores of backtest(samples, makerOf(name), protocol)) {
        rows.push({ series: file.replace(/\.csv$/, ''), model: name, ...scores });
      }
    }
  }
  if (!quiet && stderr.isTTY === true) stderr.write('\r\u001b[K');
  return { exitCode: ExitCode.done, json: { protocol, rows }, text: renderBacktest(rows) };
}

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
