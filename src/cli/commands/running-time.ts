import type { Command } from '../command.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { renderRunningTime } from '../render/running-time.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & { work: string; class: string | undefined; level: string };

/** `vmc running-time WORK`: when would so much CPU work be done, of the daemon's host? */
export const runningTimeCommand: Command<Arguments> = {
  usage: 'running-time <work>',
  describe:
    'When work that needs so much CPU time will be done, beside the load that is forecast and under the plan in force, with limits that hold at a level.',
  positionals: { work: { describe: 'CPU time of one processor: 30s' } },
  options: {
    ...SOCKET_OPTION,
    class: { type: 'string', describe: 'the work is a guest’s of this class; else a process’s of the owner' },
    level: { type: 'string', default: '95%', describe: 'of the two-sided limits' },
  },
  examples: [
    ['$0 running-time 30s', 'when 30 s of CPU time will have been had, if the work begins now'],
    ['$0 running-time 10s --class batch', 'by a guest of batch, as it is lent to now'],
  ],
  run: async ({ work, class: name, level, socket }, { env }) =>
    withDaemon({ socket, env }, async (client) => {
      const options = { level, ...(name !== undefined && { class: name }) };
      const answer = await client.runningTime(work, options);
      return { exitCode: ExitCode.done, json: answer, text: renderRunningTime(answer) };
    }),
};
