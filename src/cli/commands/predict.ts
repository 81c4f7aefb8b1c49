import type { Client, ForecastQuery, QueriedForecast } from '../../api/client.js';
import type { Command, CommandResult, Context } from '../command.js';
import { usageError } from '../command-error.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { renderForecast, renderForecasts, renderUpdate } from '../render/forecast.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';
import { untilInterrupted } from '../until-interrupted.js';

type Arguments = SocketArguments & { signals: string[]; horizon: string; level: string; follow: boolean };

/** So many forecasts are asked for in one request. */
const AT_ONCE = 64;
const HTTP_BAD_REQUEST = 400;

/** `vmc predict SIGNAL… [--horizon 1s,10s] [--level 80%,95%] [-f]`: the daemon's forecasts. */
export const predictCommand: Command<Arguments> = {
  usage: 'predict <signals..>',
  describe: 'What signals will be, with limits that hold at a level, and how good such forecasts were.',
  positionals: { signals: { describe: 'as in a policy: owner.demand' } },
  options: {
    ...SOCKET_OPTION,
    horizon: { type: 'string', default: '30s', describe: 'how far ahead; several: 1s,10s,30s' },
    level: { type: 'string', default: '95%', describe: 'of the two-sided limits; several: 80%,95%' },
    follow: { type: 'boolean', alias: 'f', default: false, describe: 'a line for each sample, until ^C' },
  },
  examples: [
    ['$0 predict owner.demand --horizon 10s', 'what the owner will want of the CPU'],
    ['$0 predict owner.demand host.cpu --horizon 1s,10s,30s', 'six forecasts in one table'],
    ['$0 predict owner.demand -f --format json', 'one object a line, for a program'],
  ],
  run: async ({ signals, horizon, level, follow, socket }, context) => {
    const queries = signals.flatMap((signal) =>
      listOf('horizon', horizon).flatMap((ahead) =>
        listOf('level', level).map((at) => ({ signal, horizon: ahead, level: at })),
      ),
    );
    const [only] = queries;
    const { env } = context;
    if (follow) {
      if (only === undefined || queries.length > 1)
        throw usageError(
          `-f follows one forecast, not ${queries.length}`,
          'one signal, --horizon and --level',
        );
      await untilInterrupted((ended) =>
        withDaemon({ socket, env }, (client) => followForecast(client, only, ended, context)),
      );
      return { exitCode: ExitCode.done };
    }
    return withDaemon({ socket, env }, async (client) => {
      if (only === undefined || queries.length > 1) return answered(await askAll(client, queries));
      const forecast = await client.forecast(only.signal, only);
      return { exitCode: ExitCode.done, json: forecast, text: renderForecast(forecast) };
    });
  },
};

function listOf(option: string, text: string): readonly string[] {
  const all = text.split(',').map((one) => one.trim());
  if (all.includes('')) throw usageError(`--${option} ${text}: values with a comma between them`);
  return all;
}

async function askAll(client: Client, queries: readonly ForecastQuery[]): Promise<QueriedForecast[]> {
  const all: QueriedForecast[] = [];
  for (let at = 0; at < queries.length; at += AT_ONCE)
    all.push(...(await client.forecasts(queries.slice(at, at + AT_ONCE))));
  return all;
}

/** What there is; what there is not is complained of, and decides the exit code. */
function answered(forecasts: readonly QueriedForecast[]): CommandResult {
  const problems = forecasts.flatMap((one) => ('problem' in one ? [one.problem] : []));
  const isUsage = problems.some(({ status }) => status === HTTP_BAD_REQUEST);
  const complaints = [...new Set(problems.map(({ detail, title }) => `error: ${detail ?? title}`))];
  return {
    exitCode: problems.length === 0 ? ExitCode.done : isUsage ? ExitCode.badUsage : ExitCode.refused,
    json: { forecasts },
    text: renderForecasts(forecasts.flatMap((one) => ('forecast' in one ? [one.forecast] : []))),
    complaints: complaints.join('\n'),
  };
}

/** Written as they come, a line each; rejects when the signal is not recorded any more. */
async function followForecast(
  client: Client,
  { signal: name, horizon, level }: ForecastQuery,
  signal: AbortSignal,
  { format, stdout }: Context,
): Promise<void> {
  for await (const update of client.forecastStream(name, { horizon, level, signal }))
    stdout.write(`${format === 'json' ? JSON.stringify(update) : renderUpdate(update)}\n`);
}
