import { parseDuration } from '../../support/duration.js';
import type { Command } from '../command.js';
import { usageError } from '../command-error.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & { name: string; value: string; words: string[] | undefined };

/** `vmc set NAME on|off|VALUE [for TIME]`: flips a switch of the policy in force, or pushes a value of a signal. */
export const setCommand: Command<Arguments> = {
  usage: 'set <name> <value> [words..]',
  describe: 'Flip a switch of the policy, or push a value of a signal, for a time or until it is set again.',
  positionals: {
    name: { describe: 'a switch or a signal of the policy' },
    value: { describe: "'on' or 'off'; of a signal, a quantity of its type" },
    words: { describe: "'for' and a time" },
  },
  options: SOCKET_OPTION,
  examples: [
    ['$0 set gaming on for 2h', 'off again by itself'],
    ['$0 set price 31.5 for 1h', 'unknown after that'],
  ],
  run: async ({ name, value: first, words = [], socket }, { quiet, env }) => {
    const { value, time } = wishOf([first, ...words]);
    const options = time === null ? {} : { for: time };
    await withDaemon({ socket, env }, (client) =>
      value === 'on' || value === 'off'
        ? client.setSwitch(name, value === 'on', options)
        : client.pushSignal(name, value, options),
    );
    const text = quiet ? '' : `${name} is ${value}${time === null ? '' : ` for ${time}`}`;
    return { exitCode: ExitCode.done, json: { name, value, for: time }, text };
  },
};

/** A value, of one word or a number and its unit, and the time in `for 2h`; null where none is given. */
function wishOf(words: readonly string[]): { readonly value: string; readonly time: string | null } {
  const at = words.indexOf('for');
  const [value, period] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
  const [time = null] = period;
  if (at >= 0 && (period.length !== 1 || time === null || parseDuration(time) === null)) {
    throw usageError(`'${words.slice(at).join(' ')}' is no period`, "for example 'for 2h'");
  }
  const text = value.join(' ');
  if (text === 'on' || text === 'off' || QUANTITY.test(text)) return { value: text, time };
  throw usageError(
    `'${text}' is neither on, off nor a quantity`,
    "for example 'on', '31.5' or '70%', and then 'for 2h'",
  );
}

/** What it means is for the type of the signal to say. */
const QUANTITY = /^-?\d+(?:\.\d+)? ?\S*$/;
