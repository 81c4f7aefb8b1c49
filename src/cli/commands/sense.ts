import { once } from 'node:events';
import { nearest } from '../../lang/did-you-mean.js';
import { SIGNALS } from '../../lang/signals.js';
import type { SignalInfo, SignalSpec } from '../../rps/index.js';
import { parseDuration } from '../../support/duration.js';
import type { Command, CommandResult, Context } from '../command.js';
import { usageError } from '../command-error.js';
import { ExitCode } from '../exit-code.js';
import { instantOf } from '../past.js';
import { renderTable } from '../render/table.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & {
  readonly signals: string[] | undefined;
  readonly interval: string;
  readonly count: number | undefined;
  readonly from: string | undefined;
  readonly step: string | undefined;
};

interface Sample {
  readonly atMs: number;
  readonly signals: Readonly<Record<string, number | null>>;
}

/** `vmc sense`: samples of this host's signals, without a daemon; with `--from` those that one has recorded. */
export const senseCommand: Command<Arguments> = {
  usage: 'sense [signals..]',
  describe:
    'Samples of the signals of this host, as they are taken; ends with ^C or after --count. With --from those that the daemon has recorded.',
  positionals: { signals: { describe: 'only these' } },
  options: {
    ...SOCKET_OPTION,
    interval: { type: 'string', default: '1s', describe: 'between samples, 50ms to 10s' },
    count: { type: 'number', describe: 'how many samples; with --format json 1 unless given' },
    from: { type: 'string', describe: "recorded ones since '2026-11-23', '2026-11-23 10:00', or '2h' ago" },
    step: { type: 'string', describe: 'with --from: means over so long, such as 1min' },
  },
  examples: [
    ['$0 sense owner.demand host.cpu', 'one line a second'],
    ['$0 sense owner.demand --from 2d --step 1h', 'what the owner wanted in each hour of the last two days'],
  ],
  run: async ({ signals = [], interval, count, from, step, socket }, context) => {
    if (from !== undefined) return recorded(signals, from, step, { socket, env: context.env });
    if (step !== undefined) throw usageError('--step is of no use without --from', 'for example --from 2h');
    const intervalNs = Number(parseDuration(interval) ?? 0n);
    if (!(intervalNs >= 50e6 && intervalNs <= 10e9)) throw usageError(`--interval ${interval}: 50ms to 10s`);
    if (count !== undefined && !(Number.isInteger(count) && count > 0))
      throw usageError('--count is a number from 1');
    const limit = count ?? (context.format === 'json' ? 1 : Number.POSITIVE_INFINITY);
    const samples = await collect(signals, intervalNs, limit, context);
    return { exitCode: ExitCode.done, json: { samples } };
  },
};

async function recorded(
  signals: readonly string[],
  from: string,
  step: string | undefined,
  where: SocketArguments & Pick<Context, 'env'>,
): Promise<CommandResult> {
  const fromMs = instantOf('from', from) ?? 0;
  if (signals.length === 0) throw usageError('--from: of which signals?', 'for example owner.demand');
  if (step !== undefined && parseDuration(step) === null)
    throw usageError(`--step takes a time, not '${step}'`, 'for example 1min');
  const { recordedSamples } = await import('../recorded-samples.js');
  const series = await recordedSamples(signals, { fromMs, step: step ?? null }, where);
  const { renderSeries } = await import('../render/series.js');
  return { exitCode: ExitCode.done, json: { series }, text: series.map(renderSeries).join('\n\n') };
}

/** Samples until there are `limit` or a signal asks to end; in text each is printed at once and none is kept. */
async function collect(
  wanted: readonly string[],
  intervalNs: number,
  limit: number,
  { format, stdout }: Context,
): Promise<readonly Sample[]> {
  const { Sensing, signalSpec } = await import('../../rps/index.js');
  for (const signal of wanted) refuseUnknown(signal, signalSpec);
  const { GuestScanner } = await import('../../qemu/index.js');
  const scanner = new GuestScanner();
  let guests = await scanner.scan();
  const { tapsOf } = await import('../../enforce/linux/knobs/tap-devices.js');
  const sensing = new Sensing({ intervalNs, guests: () => guests, tapsOf });
  const samples: Sample[] = [];
  const ended = new AbortController();
  const end = () => ended.abort();
  let taken = -1;
  sensing.onSample(() => {
    void scanner.scan().then((found) => {
      guests = found;
    });
    // Rates of use need two readings: the first sample has none.
    if (taken++ < 0 || taken > limit) return;
    const chosen = sensing.signals
      .signals()
      .filter(({ signal }) => wanted.length === 0 || wanted.includes(signal));
    if (format === 'json')
      samples.push({ atMs: Date.now(), signals: Object.fromEntries(chosen.map(toEntry)) });
    else stdout.write(`${renderSample(chosen)}\n`);
    if (taken === limit) end();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  sensing.start();
  try {
    await once(ended.signal, 'abort');
  } finally {
    sensing.stop();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
  }
  return samples;
}

/** Signals of a class are none of this host's own, but the daemon records them: they pass. */
function refuseUnknown(signal: string, specOf: (signal: string) => SignalSpec): void {
  const isKnown = (name: string) => {
    const { unit, range } = specOf(name);
    return name.includes('.') && !(unit === 'number' && range.minimum === Number.NEGATIVE_INFINITY);
  };
  if (isKnown(signal)) return;
  const known = [...SIGNALS.keys()].filter(isKnown);
  const meant = nearest(signal, known);
  const hint = meant ? `did you mean '${meant}'?` : `there are ${known.join(', ')}`;
  throw usageError(`there is no signal '${signal}'`, hint);
}

const toEntry = ({ signal, latest }: SignalInfo): [string, number | null] => [signal, latest];

function renderSample(signals: readonly SignalInfo[]): string {
  const time = new Date().toISOString().slice(11, 19);
  const rows = signals.map(({ signal, latest, unit }) => [
    signal,
    latest === null ? '-' : latest.toFixed(2),
    unit,
  ]);
  return renderTable([time, '', ''], rows);
}
