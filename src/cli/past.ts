import type { Client } from '../api/client.js';
import type { HistoryAnswers, HistoryQuestion } from '../enforce/history/history-reader.js';
import type { Database } from '../enforce/ledger/database.js';
import type { DatabaseKind } from '../enforce/ledger/database-kind.js';
import type { LedgerAnswers, LedgerQuestion } from '../enforce/ledger/ledger-reader.js';
import { STATE_OF_HOST, stateDirectory } from '../enforce/state-directory.js';
import { parseInstant } from '../simulate/trace/parse-instant.js';
import { parseDuration } from '../support/duration.js';
import type { Context } from './command.js';
import { CommandError, refusal, usageError } from './command-error.js';
import { withDaemon } from './daemon-client.js';
import type { SocketArguments } from './socket-option.js';
import { reasonOf } from './system-reason.js';

/**
 * Asks the daemon about the past, or, where none runs and none was named, what its ledger has on disk. What either refuses
 * becomes a refusal of the command.
 */
export async function askPast<T>(
  where: SocketArguments & Pick<Context, 'env'>,
  askDaemon: (client: Client) => Promise<T>,
  askFile: () => Promise<T>,
): Promise<T> {
  try {
    return await withDaemon(where, askDaemon);
  } catch (error) {
    const isNamed = where.socket !== undefined || Boolean(where.env['VMC_SOCKET']);
    if (isNamed || !(error instanceof CommandError) || error.code !== 'NO_DAEMON') throw error;
    return askFile();
  }
}

/** Asks the ledger of this user or, where that has none, of the host. */
export async function askLedgerFile<K extends LedgerQuestion['kind']>(
  env: Context['env'],
  question: Extract<LedgerQuestion, { kind: K }>,
): Promise<LedgerAnswers[K]> {
  const [{ LEDGER }, { LedgerReader }] = await Promise.all([
    import('../enforce/ledger/schema.js'),
    import('../enforce/ledger/ledger-reader.js'),
  ]);
  return askDatabase(env, LEDGER, (database) => new LedgerReader(database).answer(question, Date.now()));
}

/** The same of the history of signals. */
export async function askHistoryFile<K extends HistoryQuestion['kind']>(
  env: Context['env'],
  question: Extract<HistoryQuestion, { kind: K }>,
): Promise<HistoryAnswers[K]> {
  const [{ HISTORY }, { HistoryReader }] = await Promise.all([
    import('../enforce/history/history-schema.js'),
    import('../enforce/history/history-reader.js'),
  ]);
  return askDatabase(env, HISTORY, (database) => new HistoryReader(database).answer(question, Date.now()));
}

async function askDatabase<T>(
  env: Context['env'],
  kind: DatabaseKind,
  ask: (database: Database) => T,
): Promise<T> {
  const [{ existsSync }, { Database }, { databaseFile }] = await Promise.all([
    import('node:fs'),
    import('../enforce/ledger/database.js'),
    import('../enforce/ledger/kept-database.js'),
  ]);
  const own = databaseFile(stateDirectory(env), kind);
  const file = env['VMC_STATE_DIR'] || existsSync(own) ? own : databaseFile(STATE_OF_HOST, kind);
  try {
    const database = Database.forReading(file, kind);
    try {
      return ask(database);
    } finally {
      database.close();
    }
  } catch (error) {
    const { code = kind.name.toUpperCase(), message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw refusal(
        code,
        `no daemon runs, and there is no ${kind.name} ${file}`,
        "start one: 'vmc enforce POLICY'",
      );
    }
    throw refusal(code, `the ${kind.name} ${file} cannot be read: ${reasonOf({ message })}`);
  }
}

/** Of this machine: times are read in it, and where no daemon runs days are told by it. */
export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The wall-clock instant, ms, that an option names: '2026-11-23', '2026-11-23 10:00', or '2h': so long ago; null: none. */
export function instantOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const agoNs = parseDuration(text);
  if (agoNs !== null) return Date.now() - Number(agoNs / 1_000_000n);
  const instant = parseInstant(text, localZone());
  if (instant !== null) return instant;
  throw usageError(
    `--${option} takes a time, not '${text}'`,
    "for example '2026-11-23', '2026-11-23 10:00' or, so long ago, '2h'",
  );
}
