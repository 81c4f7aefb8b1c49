import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { APPLICATION_ID, MIGRATIONS } from './schema.js';

export type Row = readonly (number | string | null)[];

/** A statement, prepared once; rows are lists of columns. */
export interface Query {
  all(...parameters: readonly (number | string | null)[]): readonly Row[];
  run(...parameters: readonly (number | string | null)[]): void;
}

/** The file is no ledger, or of a later version of vmc. */
export class ForeignLedgerError extends Error {
  override readonly name = 'ForeignLedgerError';
}

/**
 * A ledger's SQLite file, with the schema of this version. Everything is synchronous and may take as long as the disk does:
 * the daemon has it in a thread of its own.
 */
export class Database {
  readonly #db: Libsql.Database;

  private constructor(db: Libsql.Database) {
    this.#db = db;
  }

  /** Opens or creates it for writing. Throws an error with an errno, an SqliteError, or a {@link ForeignLedgerError}. */
  static forWriting(file: string): Database {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    // The system says why it cannot be written in clearer words than libsql does.
    closeSync(openSync(file, 'a', 0o640));
    const database = new Database(new Libsql(file, { timeout: BUSY_MS }));
    database.#db.pragma('journal_mode = WAL');
    // A commit waits for the disk: what has been written survives a loss of power, too.
    database.#db.pragma('synchronous = FULL');
    database.#migrate();
    return database;
  }

  /** Opens one that exists, to look at. The same errors. */
  static forReading(file: string): Database {
    closeSync(openSync(file, 'r'));
    const database = new Database(new Libsql(`file:${encodeURI(file)}?mode=ro`, { timeout: BUSY_MS }));
    if (database.#version() === 0) throw new ForeignLedgerError(`${file} is no ledger`);
    return database;
  }

  prepare(sql: string): Query {
    const statement = this.#db.prepare(sql);
    return {
      all: (...parameters) => statement.raw().all(...parameters) as Row[],
      run: (...parameters) => void statement.run(...parameters),
    };
  }

  /** All of it or nothing. */
  transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const answer = work();
      this.#db.exec('COMMIT');
      return answer;
    } catch (error) {
      // A full disk has rolled it back already.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }

  #version(): number {
    const [[version = 0] = []] = this.prepare('PRAGMA user_version').all();
    if (Number(version) <= MIGRATIONS.length) return Number(version);
    throw new ForeignLedgerError(
      `the ledger was written by a later version of vmc (${version}, this one knows ${MIGRATIONS.length})`,
    );
  }

  #migrate(): void {
    const from = this.#version();
    if (from === MIGRATIONS.length) return;
    const [[tables = 0] = []] = this.prepare('SELECT count(*) FROM sqlite_schema').all();
    if (from === 0 && Number(tables) > 0)
      throw new ForeignLedgerError('the file is a database of something else');
    this.transaction(() => {
      for (const migration of MIGRATIONS.slice(from)) this.#db.exec(migration);
      this.#db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
    });
  }
}

/** Somebody reads it meanwhile. */
const BUSY_MS = 5000;

/** Whether what was thrown says that the file is damaged, and not that it cannot be reached or has no room. */
export function isDamage(error: unknown): boolean {
  if (error instanceof ForeignLedgerError) return true;
  const code = String((error as { readonly code?: unknown }).code ?? '');
  return /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(code);
}
