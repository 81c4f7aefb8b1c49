import { parseDuration } from '../../support/duration.js';
import type { Command } from '../command.js';
import { usageError } from '../command-error.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & { name: string; value: 'on' | 'off'; period: string[] | undefined };

/** `vmc set NAME on|off [for TIME]`: flips a switch of the policy in force. */
export const setCommand: Command<Arguments> = {
  usage: 'set <name> <value> [period..]',
  describe: 'Flip a switch of the policy, for a time or until it is flipped back.',
  positionals: {
    name: { describe: 'a switch of the policy' },
    value: { describe: 'its new state', choices: ['on', 'off'] },
    period: { describe: "'for' and a time" },
  },
  options: SOCKET_OPTION,
  examples: [['$0 set gaming on for 2h', 'off again by itself']],
  run: async ({ name, value, period = [], socket }, { quiet, env }) => {
    const time = periodOf(period);
    await withDaemon({ socket, env }, (client) =>
      client.setSwitch(name, value === 'on', time === null ? {} : { for: time }),
    );
    const text = quiet ? '' : `${name} is ${value}${time === null ? '' : ` for ${time}`}`;
    return { exitCode: ExitCode.done, json: { name, value, for: time }, text };
  },
};

/** The time in `for 2h`; null where nothing is given. */
function periodOf(words: readonly string[]): string | null {
  if (words.length === 0) return null;
  const [preposition, time] = words;
  if (words.length !== 2 || preposition !== 'for' || time === undefined || parseDuration(time) === null) {
    throw usageError(`'${words.join(' ')}' is no period`, "for example 'for 2h'");
  }
  return time;
}
