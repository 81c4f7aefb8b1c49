import type { Command } from '../command.js';

export interface SimulateArguments {
  readonly policy: string;
  readonly host: string | undefined;
  readonly trace: string | undefined;
  readonly from: string | undefined;
  readonly for: string | undefined;
  readonly step: string | undefined;
  readonly seed: string | undefined;
  readonly set: readonly string[];
  readonly against: string | undefined;
  readonly svg: string | undefined;
  readonly detail: boolean;
}

/** `vmc simulate FILE`: what a policy comes to on a trace of a host. */
export const simulateCommand: Command<SimulateArguments> = {
  usage: 'simulate <policy>',
  describe:
    'Replay a trace of a host through a policy: its modes, what everybody gets, what is promised, budgets. Without a ' +
    'trace, the invented days of somebody who works at a workstation, and guests that always want the CPU.',
  positionals: { policy: { describe: "a policy; '-': stdin" } },
  options: {
    host: { type: 'string', describe: 'host facts (vmc facts --format json)' },
    trace: {
      type: 'string',
      describe: 'CSV: time or seconds, then signals and demands (docs/simulation.md)',
    },
    from: { type: 'string', describe: "begin at this time in the host's zone: '2026-11-23 10:00'" },
    for: { type: 'string', describe: 'simulate so much: 1d, 12h; the whole trace, or a day, otherwise' },
    step: { type: 'string', describe: 'of the invented trace: 1s unless given' },
    seed: { type: 'string', describe: 'of the invented trace: 1 unless given' },
    set: {
      type: 'string',
      repeatable: true,
      describe: "a switch or pushed signal for a while: 'gaming=on@20h..22h', 'price=42'",
    },
    against: { type: 'string', describe: 'another policy, on the same trace: what differs' },
    svg: { type: 'string', describe: 'draw the timeline there' },
    detail: {
      type: 'boolean',
      default: false,
      describe: 'also run moments and changes of it on the simulated kernel, with the enforcer in charge',
    },
  },
  examples: [
    ['$0 simulate lab.vmc --for 7d', 'a week of an invented owner'],
    ['$0 simulate lab.vmc --trace load.csv --svg load.svg', 'what came of a recorded one, drawn'],
    ['$0 simulate lab.vmc --trace load.csv --against lab-next.vmc', 'two policies on the same trace'],
    ["$0 simulate lab.vmc --set 'gaming=on@20h..22h'", 'with a switch on from the 20th hour to the 22nd'],
    [
      '$0 simulate lab.vmc --for 7d --detail',
      'rates and gaps against what the plan states, period by period',
    ],
  ],
  run: async (args, context) => {
    const { simulateInFile } = await import('../simulate-in-file.js');
    return simulateInFile(args, context);
  },
};
