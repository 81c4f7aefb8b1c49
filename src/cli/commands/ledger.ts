import { GROUPINGS, type Grouping } from '../../enforce/ledger/groupings.js';
import type { Command } from '../command.js';
import { usageError } from '../command-error.js';
import { ExitCode } from '../exit-code.js';
import { askLedgerFile, askPast, instantOf, localZone } from '../past.js';
import { conformanceCsv, ledgerCsv, renderConformance, renderLedger } from '../render/ledger.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly by: Grouping;
  readonly conformance: boolean;
  readonly format: 'text' | 'csv' | 'json';
};

/** `vmc ledger`: what guests used and were promised; with `--conformance` whether every promise was kept, and why not. */
export const ledgerCommand: Command<Arguments> = {
  usage: 'ledger',
  describe:
    'What guests used and were promised, over restarts of the daemon. Without a daemon, from its file.',
  positionals: {},
  options: {
    ...SOCKET_OPTION,
    from: {
      type: 'string',
      describe: "'2026-11-23', '2026-11-23 10:00', or '2h': so long ago; default: all",
    },
    to: { type: 'string', describe: 'the same; default: now' },
    by: { type: 'string', choices: GROUPINGS, default: 'class', describe: 'what each row is about' },
    conformance: {
      type: 'boolean',
      default: false,
      describe: 'promised against delivered, with what was missed and why',
    },
    format: {
      type: 'string',
      choices: ['text', 'csv', 'json'],
      default: 'text',
      describe: 'csv: RFC 4180; json: one document, stable',
    },
  },
  examples: [
    ['$0 ledger --from 2026-11-01 --by user --format csv', 'who used how much, for a spreadsheet'],
    ['$0 ledger --conformance --from 24h', 'whether every promise of the last day was kept'],
  ],
  run: async (args, { env, colors }) => {
    const { socket, by, conformance, format } = args;
    const [fromMs, toMs] = [instantOf('from', args.from), instantOf('to', args.to)];
    if (fromMs !== null && toMs !== null && fromMs >= toMs) throw usageError('--from must be before --to');
    const where = { socket, env };
    const time = { ...(fromMs !== null && { fromMs }), ...(toMs !== null && { toMs }) };
    const ofFile = { fromMs, toMs, zone: localZone() };
    if (conformance) {
      const document = await askPast(
        where,
        (client) => client.conformance(time),
        () => askLedgerFile(env, { kind: 'conformance', ...ofFile }),
      );
      const done = { exitCode: ExitCode.done, json: document };
      return format === 'csv'
        ? { ...done, verbatim: conformanceCsv(document) }
        : { ...done, text: renderConformance(document, colors) };
    }
    const document = await askPast(
      where,
      (client) => client.ledger({ ...time, by }),
      () => askLedgerFile(env, { kind: 'use', by, ...ofFile }),
    );
    const done = { exitCode: ExitCode.done, json: document };
    return format === 'csv'
      ? { ...done, verbatim: ledgerCsv(document) }
      : { ...done, text: renderLedger(document) };
  },
};
