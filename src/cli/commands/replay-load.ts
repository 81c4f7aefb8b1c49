import type { Command } from '../command.js';

export interface ReplayLoadArguments {
  readonly trace: string;
  readonly unit: 'percent' | 'threads';
  readonly step: string;
  readonly scale: number | undefined;
  readonly load: 'light' | 'heavy' | undefined;
  readonly from: string;
  readonly for: string | undefined;
}

/** `vmc replay-load TRACE`: a recorded load, played as real CPU load. */
export const replayLoadCommand: Command<ReplayLoadArguments> = {
  usage: 'replay-load <trace>',
  describe:
    'Play a recorded load as real CPU load on this host, for experiments: threads that are busy for as much of the time as the trace says. Ends with the trace, or with ^C. Needs no daemon.',
  positionals: { trace: { describe: 'CSV: a sample a line, the first line may be a name' } },
  options: {
    unit: {
      type: 'string',
      choices: ['percent', 'threads'],
      default: 'percent',
      describe: 'of the samples: percent of the whole host, or threads that want to run (load average)',
    },
    step: { type: 'string', default: '1s', describe: 'between two samples, 100ms at the least' },
    scale: { type: 'number', describe: 'factor of every sample: 1 unless given' },
    load: {
      type: 'string',
      choices: ['light', 'heavy'],
      describe: 'scale to a mean of 0.4 (light) or 1.25 (heavy) threads a processor instead',
    },
    from: { type: 'string', default: '0s', describe: 'begin so far into the trace' },
    for: { type: 'string', describe: 'play so much; the whole trace otherwise' },
  },
  examples: [
    ['$0 replay-load load.csv', 'a host’s recorded CPU use in percent, second by second'],
    [
      '$0 replay-load load.csv --load heavy --for 5min',
      'five minutes of its shape, with more than this host can do',
    ],
    ['$0 replay-load loadavg.csv --unit threads --step 5s', 'a load average of one sample in 5 s'],
  ],
  run: async (args, context) => {
    const { replayLoadInFile } = await import('../replay-load/replay-load-in-file.js');
    return replayLoadInFile(args, context);
  },
};
