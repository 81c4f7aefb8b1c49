import type { ProtocolName } from '../../rps/backtest/protocol.js';
import type { Command } from '../command.js';

export interface BacktestArguments {
  readonly traces: readonly string[];
  readonly protocol: ProtocolName;
  readonly model: readonly string[];
  readonly svg: string | undefined;
  readonly at: number | undefined;
}

/** `vmc backtest TRACE…`: how well models would have forecast recorded series. */
export const backtestCommand: Command<BacktestArguments> = {
  usage: 'backtest <traces..>',
  describe:
    'Score forecasts 1, 5, 10 and 30 steps ahead on recorded series: CSV files of one column, at least 222 samples each. Needs no daemon.',
  positionals: { traces: { describe: 'CSV: a sample a line, the first line may be a name' } },
  options: {
    protocol: {
      type: 'string',
      choices: ['p1', 'p2'],
      default: 'p1',
      describe: 'p1: a fit at 24 places of a series; p2: a walk over every sample',
    },
    model: {
      type: 'string',
      repeatable: true,
      describe: 'beside the default: LAST, AR(16), SES, WEIGHTED … (docs/prediction.md)',
    },
    svg: {
      type: 'string',
      describe:
        "draw the default's forecast of 30 samples there, with 80% and 95% limits, against what came (one trace)",
    },
    at: {
      type: 'number',
      describe: 'how many samples that forecast knows (default: all but 30)',
    },
  },
  examples: [
    ['$0 backtest load.csv', 'how well this load can be forecast'],
    ["$0 backtest load.csv --model LAST --model 'AR(16)'", 'against persistence and an autoregression'],
    ['$0 backtest load.csv --svg fan.svg --at 1500', 'the forecast after 1,500 samples, drawn'],
  ],
  run: async (args, context) => {
    const { backtestInFiles } = await import('../backtest-in-files.js');
    return backtestInFiles(args, context);
  },
};
