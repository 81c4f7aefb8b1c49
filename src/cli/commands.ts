import type { AnyCommand } from './command.js';

/** A command before it is loaded: enough for the list in `vmc --help`. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<AnyCommand>;
}

/** Every command, in the order of the help; each is loaded only when it is the one to run. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'compile',
    summary: 'turn a policy into a plan, with proofs',
    load: async () => (await import('./commands/compile.js')).compileCommand,
  },
  {
    name: 'check',
    summary: 'report what is wrong with policies',
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  {
    name: 'fmt',
    summary: 'lay policies out in the canonical way',
    load: async () => (await import('./commands/fmt.js')).fmtCommand,
  },
  {
    name: 'test',
    summary: 'run the tests in policies',
    load: async () => (await import('./commands/test.js')).testCommand,
  },
  {
    name: 'explain',
    summary: 'the page of a diagnostic; or why someone gets what a policy gives',
    load: async () => (await import('./commands/explain.js')).explainCommand,
  },
  {
    name: 'diff',
    summary: 'what changes for whom between two policies',
    load: async () => (await import('./commands/diff.js')).diffCommand,
  },
  {
    name: 'simulate',
    summary: 'what a policy comes to on a trace of a host',
    load: async () => (await import('./commands/simulate.js')).simulateCommand,
  },
  {
    name: 'verify',
    summary: 're-check the certificate of a plan',
    load: async () => (await import('./commands/verify.js')).verifyCommand,
  },
  {
    name: 'admit',
    summary: 'would a request fit beside everything that a plan holds',
    load: async () => (await import('./commands/admit.js')).admitCommand,
  },
  {
    name: 'enforce',
    summary: 'keep the running guests within a policy or a plan (the daemon)',
    load: async () => (await import('./commands/enforce.js')).enforceCommand,
  },
  {
    name: 'release',
    summary: 'give everything back',
    load: async () => (await import('./commands/release.js')).releaseCommand,
  },
  {
    name: 'doctor',
    summary: 'what this host and user can do, and how to get what is missing',
    load: async () => (await import('./commands/doctor.js')).doctorCommand,
  },
  {
    name: 'facts',
    summary: 'host facts, as the compiler uses them',
    load: async () => (await import('./commands/facts.js')).factsCommand,
  },
  {
    name: 'calibrate',
    summary: 'measure what context switches cost on this machine',
    load: async () => (await import('./commands/calibrate.js')).calibrateCommand,
  },
  {
    name: 'status',
    summary: 'the mode, the guests, promised against delivered',
    load: async () => (await import('./commands/status.js')).statusCommand,
  },
  {
    name: 'ledger',
    summary: 'what guests used and were promised; whether every promise was kept',
    load: async () => (await import('./commands/ledger.js')).ledgerCommand,
  },
  {
    name: 'events',
    summary: 'what happened, and happens',
    load: async () => (await import('./commands/events.js')).eventsCommand,
  },
  {
    name: 'top',
    summary: 'the guests, promised against delivered, live',
    load: async () => (await import('./commands/top.js')).topCommand,
  },
  {
    name: 'set',
    summary: 'flip a switch of the policy',
    load: async () => (await import('./commands/set.js')).setCommand,
  },
  {
    name: 'predict',
    summary: 'the forecast of a signal',
    load: async () => (await import('./commands/predict.js')).predictCommand,
  },
  {
    name: 'running-time',
    summary: 'when work will be done',
    load: async () => (await import('./commands/running-time.js')).runningTimeCommand,
  },
  {
    name: 'replay-load',
    summary: 'play a recorded load as real CPU load',
    load: async () => (await import('./commands/replay-load.js')).replayLoadCommand,
  },
  {
    name: 'backtest',
    summary: 'how well models would have forecast recorded series',
    load: async () => (await import('./commands/backtest.js')).backtestCommand,
  },
  {
    name: 'sense',
    summary: 'live samples of the signals of this host',
    load: async () => (await import('./commands/sense.js')).senseCommand,
  },
  {
    name: 'vm',
    summary: 'list, stop, continue or describe running guests',
    load: async () => (await import('./commands/vm.js')).vmCommand,
  },
  {
    name: 'lsp',
    summary: 'the language server for editors, on standard input and output',
    load: async () => (await import('./commands/lsp.js')).lspCommand,
  },
];
