import { runtimeDirectory } from '../../api/socket-path.js';
import type { Command } from '../command.js';
import { ExitCode } from '../exit-code.js';

/** `vmc doctor`: what this host and user can do, with the fix for what is missing. */
export const doctorCommand: Command<object> = {
  usage: 'doctor',
  describe: 'What this host and user can do, and how to get what is missing.',
  positionals: {},
  options: {},
  examples: [['$0 doctor', 'before the first vmc enforce']],
  run: async (_, { colors, env }) => {
    const { diagnose } = await import('../../api/doctor/diagnose.js');
    const checks = await diagnose(runtimeDirectory(env));
    const lines = checks.flatMap(({ name, ok, detail, fix }) => [
      `${ok ? colors.green('ok     ') : colors.yellow('missing')}  ${name}: ${detail}`,
      ...(fix === null ? [] : [`         fix: ${fix}`]),
    ]);
    return { exitCode: ExitCode.done, json: { checks }, text: lines.join('\n') };
  },
};
