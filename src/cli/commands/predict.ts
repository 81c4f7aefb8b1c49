import type { Command } from '../command.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { renderForecast } from '../render/forecast.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & { signal: string; horizon: string; level: string };

/** `vmc predict SIGNAL`: the daemon's forecast. */
export const predictCommand: Command<Arguments> = {
  usage: 'predict <signal>',
  describe: 'What a signal will be, with limits that hold at a level, and how good such forecasts were.',
  positionals: { signal: { describe: 'as in a policy: owner.demand' } },
  options: {
    ...SOCKET_OPTION,
    horizon: { type: 'string', default: '30s', describe: 'how far ahead' },
    level: { type: 'string', default: '95%', describe: 'of the two-sided limits' },
  },
  examples: [['$0 predict owner.demand --horizon 10s', 'what the owner will want of the CPU']],
  run: async ({ signal, horizon, level, socket }, { env }) =>
    withDaemon({ socket, env }, async (client) => {
      const forecast = await client.forecast(signal, { horizon, level });
      return { exitCode: ExitCode.done, json: forecast, text: renderForecast(forecast) };
    }),
};
