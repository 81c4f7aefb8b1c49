import { setPriority } from 'node:os';
import type { DaemonOptions } from '../../api/daemon.js';
import type { LoadedPlan } from '../../api/load-plan.js';
import { socketPath } from '../../api/socket-path.js';
import type { Plan } from '../../compiler/plan.js';
import { stateDirectory } from '../../enforce/state-directory.js';
import { parseDuration } from '../../support/duration.js';
import type { Command, CommandResult, Context } from '../command.js';
import { CommandError, refusal, usageError } from '../command-error.js';
import { ACCESS_OPTIONS, type AccessArguments, daemonAccess } from '../daemon-access.js';
import { ExitCode } from '../exit-code.js';
import { exitCodeOf } from '../exit-code-of.js';
import { describeAction } from '../render/action.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';
import { warningsOf } from '../warning.js';

const LEAST_INTERVAL_NS = 50_000_000n;
const MOST_INTERVAL_NS = 10_000_000_000n;
const DAEMON_NICE = -10;

type Arguments = SocketArguments & AccessArguments & { policy: string; 'dry-run': boolean; interval: string };

/** `vmc enforce POLICY|PLAN` (= `vmcd`): the daemon, in the foreground. */
export const enforceCommand: Command<Arguments> = {
  usage: 'enforce <policy>',
  describe: 'Keep the running guests within a policy or a plan, until ^C; then give everything back.',
  positionals: { policy: { describe: 'a policy, or a plan of vmc compile' } },
  options: {
    ...SOCKET_OPTION,
    ...ACCESS_OPTIONS,
    interval: { type: 'string', default: '1s', describe: 'how often the host is sensed, 50ms to 10s' },
    'dry-run': { type: 'boolean', default: false, describe: 'say what would be done now, and do nothing' },
  },
  examples: [
    ['$0 enforce examples/policies/demo.vmc', 'the daemon in the foreground'],
    ['$0 enforce examples/policies/demo.vmc --dry-run', 'the first step, untaken'],
    ['$0 enforce lab.vmc --socket-group vmc', 'whoever is in the group vmc may ask for the status'],
    ['$0 enforce lab.vmc --listen 127.0.0.1:7070 --token-file token', 'for Prometheus, which has the token'],
  ],
  run: async (args, context) => {
    const { linuxHostFacts } = await import('../../enforce/linux/host-facts.js');
    const { PlanThread } = await import('../../api/plan-thread.js');
    const sampleIntervalNs = parseInterval(args.interval);
    const access = daemonAccess(args);
    try {
      // What cannot be enforced is refused before the host is touched.
      const warnings: string[] = [];
      const facts = linuxHostFacts((problem) => warnings.push(problem));
      const plans = new PlanThread();
      const loaded = await plans.load({ kind: 'file', file: args.policy, facts });
      if (loaded.plan && !args['dry-run'])
        return await runDaemon(args, { sampleIntervalNs, plans, ...access }, warnings, context);
      for (const warning of warnings) warningsOf(context)(warning);
      return loaded.plan ? await dryRun(loaded, loaded.plan, context) : rejection(loaded, context);
    } catch (error) {
      return rejected(error, context);
    }
  },
};

async function runDaemon(
  { policy: file, socket }: Arguments,
  settings: Pick<DaemonOptions, 'sampleIntervalNs' | 'plans' | 'socketAccounts' | 'tcp' | 'flows'>,
  warnings: readonly string[],
  { stderr, env }: Context,
): Promise<CommandResult> {
  const { createHost } = await import('../../api/create-host.js');
  const { createLog } = await import('../../api/log.js');
  const { Daemon } = await import('../../api/daemon.js');
  const { processCpuNs } = await import('../../enforce/linux/process-cpu.js');
  const { spendLittle } = await import('../../api/spend-little.js');
  const { yieldToHostDaemon } = await import('../../api/yield-to-host-daemon.js');
  const log = createLog(stderr);
  for (const warning of warnings) log.warn(warning);
  const host = createHost(env, (message) => log.warn(message));
  const daemon = new Daemon({
    file,
    socket: socket ?? socketPath(env),
    stateDirectory: stateDirectory(env),
    host,
    log,
    cpuClock: processCpuNs,
    ...settings,
  });
  stayResponsive();
  spendLittle();
  const stop = () => void daemon.stop();
  const reload = () => void daemon.reload();
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', reload);
  const stopYielding = yieldToHostDaemon((reason) => {
    log.error(`${reason}; everything is given back to it`);
    stop();
  });
  try {
    await daemon.start();
    await daemon.ended;
    return { exitCode: ExitCode.done, json: { ended: true } };
  } finally {
    stopYielding();
    process.off('SIGTERM', stop).off('SIGINT', stop).off('SIGHUP', reload);
  }
}

function parseInterval(text: string): number {
  const ns = parseDuration(text);
  if (ns !== null && ns >= LEAST_INTERVAL_NS && ns <= MOST_INTERVAL_NS) return Number(ns);
  throw usageError(`--interval takes a time from 50ms to 10s, not '${text}'`, 'the default is 1s');
}

/** The owner's own load must not keep the daemon from seeing it. Without the right to that it takes its turn. */
function stayResponsive(): void {
  try {
    setPriority(DAEMON_NICE);
  } catch {
    // EACCES: not root
  }
}

async function dryRun(loaded: LoadedPlan, plan: Plan, context: Context): Promise<CommandResult> {
  const { createHost } = await import('../../api/create-host.js');
  const { dryRun: tryOut } = await import('../../api/dry-run.js');
  const { stderr, env, errorColors } = context;
  const { diagnostics, files } = loaded;
  const host = createHost(env, (message) => stderr.write(`${message}\n`));
  const { mode, actions, findings } = await tryOut(plan, host);
  const lines = [
    ...actions.map(describeAction),
    ...findings.map(({ severity, message }) => `${severity}: ${message}`),
  ];
  const head = `mode ${mode ?? 'none'}; the first step would:`;
  const text = [head, ...(lines.length > 0 ? lines : ['nothing'])].join('\n  ');
  return {
    exitCode: ExitCode.done,
    json: { mode, actions: withNumbers(actions), findings, diagnostics },
    text,
    ...(diagnostics.length > 0 && {
      complaints: renderDiagnostics(diagnostics, files, errorColors.enabled),
    }),
  };
}

/** Times as numbers: they are far below 2^53. */
const withNumbers = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each)));

/** Errors without an errno that are no defects of ours, and the codes they are reported with. */
const REFUSALS: Readonly<Record<string, string>> = {
  AlreadyRunningError: 'RUNNING',
  SocketInUseError: 'RUNNING',
  SocketOwnerError: 'EPERM',
  TokenFileError: 'TOKEN',
  UnknownJournalError: 'JOURNAL',
};

/** What kept the daemon from starting, as the command's answer. */
async function rejected(error: unknown, context: Context): Promise<CommandResult> {
  const { RejectedPolicyError } = await import('../../api/policy-in-force.js');
  if (error instanceof RejectedPolicyError) return rejection(error.loaded, context);
  if (!(error instanceof Error)) throw error;
  if (error.name === 'InvalidPlanError') throw new CommandError(ExitCode.policyErrors, 'PLAN', error.message);
  const code = REFUSALS[error.name] ?? (error as NodeJS.ErrnoException).code;
  throw code === undefined ? error : refusal(code, error.message);
}

function rejection({ diagnostics, files }: LoadedPlan, { errorColors }: Context): CommandResult {
  return {
    exitCode: exitCodeOf(diagnostics),
    json: { diagnostics },
    complaints: renderDiagnostics(diagnostics, files, errorColors.enabled),
  };
}
