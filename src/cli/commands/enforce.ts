import type { Daemon } from '../../api/daemon.js';
import type { LoadedPlan } from '../../api/load-plan.js';
import { runtimeDirectory, socketPath } from '../../api/socket-path.js';
import type { Host } from '../../enforce/index.js';
import { InvariantError } from '../../support/invariant.js';
import type { Command, CommandResult, Context } from '../command.js';
import { CommandError, refusal } from '../command-error.js';
import { ExitCode } from '../exit-code.js';
import { exitCodeOf } from '../exit-code-of.js';
import { describeAction } from '../render/action.js';
import { renderDiagnostics } from '../render/diagnostics.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & { policy: string; 'dry-run': boolean };

/** `vmc enforce POLICY|PLAN` (= `vmcd`): the daemon, in the foreground. */
export const enforceCommand: Command<Arguments> = {
  usage: 'enforce <policy>',
  describe: 'Keep the running guests within a policy or a plan, until ^C; then give everything back.',
  positionals: { policy: { describe: 'a policy, or a plan of vmc compile' } },
  options: {
    ...SOCKET_OPTION,
    'dry-run': { type: 'boolean', default: false, describe: 'say what would be done now, and do nothing' },
  },
  examples: [
    ['$0 enforce examples/policies/demo.vmc', 'the daemon in the foreground'],
    ['$0 enforce examples/policies/demo.vmc --dry-run', 'the first step, untaken'],
  ],
  run: async (args, context) => {
    const { createHost } = await import('../../api/create-host.js');
    const { createLog } = await import('../../api/log.js');
    const log = createLog(context.stderr);
    const host = createHost(runtimeDirectory(context.env), log);
    if (args['dry-run']) return dryRun(args.policy, host, context);
    const { Daemon } = await import('../../api/daemon.js');
    const socket = args.socket ?? socketPath(context.env);
    return runDaemon(new Daemon({ file: args.policy, socket, host, log }), context);
  },
};

async function runDaemon(daemon: Daemon, context: Context): Promise<CommandResult> {
  const stop = () => void daemon.stop();
  const reload = () => void daemon.reload();
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', reload);
  try {
    await daemon.start();
    await daemon.ended;
    return { exitCode: ExitCode.done, json: { ended: true } };
  } catch (error) {
    return rejected(error, context);
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', stop).off('SIGHUP', reload);
  }
}

async function dryRun(file: string, host: Host, context: Context): Promise<CommandResult> {
  const [{ loadPlan }, { dryRun: tryOut }] = await Promise.all([
    import('../../api/load-plan.js'),
    import('../../api/dry-run.js'),
  ]);
  const { linuxHostFacts } = await import('../../enforce/linux/host-facts.js');
  try {
    const loaded = loadPlan(file, linuxHostFacts());
    if (!loaded.plan) return rejection(loaded, context);
    const { mode, actions, findings } = await tryOut(loaded.plan, host);
    const lines = [
      ...actions.map(describeAction),
      ...findings.map(({ severity, message }) => `${severity}: ${message}`),
    ];
    const text = [
      `mode ${mode ?? 'none'}; the first step would:`,
      ...(lines.length > 0 ? lines : ['nothing']),
    ].join('\n  ');
    return { exitCode: ExitCode.done, json: { mode, actions: JSON.parse(plain(actions)), findings }, text };
  } catch (error) {
    return rejected(error, context);
  }
}

/** Times are integers far below 2^53. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each));

/** What kept the daemon from starting, as the command's answer. */
async function rejected(error: unknown, context: Context): Promise<CommandResult> {
  const { RejectedPolicyError } = await import('../../api/daemon.js');
  if (error instanceof RejectedPolicyError) return rejection(error.loaded, context);
  if (!(error instanceof Error) || error instanceof InvariantError || error instanceof TypeError) throw error;
  if (error.name === 'InvalidPlanError') throw new CommandError(ExitCode.policyErrors, 'PLAN', error.message);
  const { code } = error as NodeJS.ErrnoException;
  throw refusal(code ?? error.name, error.message);
}

function rejection({ diagnostics, source }: LoadedPlan, { errorColors }: Context): CommandResult {
  return {
    exitCode: exitCodeOf(diagnostics),
    json: { diagnostics },
    complaints: renderDiagnostics(diagnostics, [source], errorColors.enabled),
  };
}
