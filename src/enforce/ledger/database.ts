import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import type { DatabaseKind } from './database-kind.js';

export type Row = readonly (number | string | null)[];

/** A row of a table that has bytes in it. */
export type BlobRow = readonly (number | string | Buffer | null)[];

/** What a statement is given for its `?`. */
export type Parameter = number | string | Uint8Array | null;

/** A statement, prepared once; rows are lists of columns. */
export interface Query {
  all(...parameters: readonly Parameter[]): readonly Row[];
  /** Row by row, where all at once would be much. */
  iterate(...parameters: readonly Parameter[]): Iterable<BlobRow>;
  run(...parameters: readonly Parameter[]): void;
}

/** The file is no such database, or of a later version of vmc. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError';
}

/**
 * An SQLite file of the daemon's, with the schema of this version. Everything is synchronous and may take as long as the disk does:
 * the daemon has it in a thread of its own.
 */
export class Database {
  readonly #db: Libsql.Database;
  readonly #kind: DatabaseKind;

  private constructor(db: Libsql.Database, kind: DatabaseKind) {
    this.#db = db;
    this.#kind = kind;
    db.pragma(`cache_size = -${kind.cacheKib}`);
  }

  /** Opens or creates it for writing. Throws an error with an errno, an SqliteError, or a {@link ForeignDatabaseError}. */
  static forWriting(file: string, kind: DatabaseKind): Database {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    // The system says why it cannot be written in clearer words than libsql does.
    closeSync(openSync(file, 'a', 0o640));
    const database = new Database(new Libsql(file, { timeout: BUSY_MS }), kind);
    database.#db.pragma('journal_mode = WAL');
    database.#db.pragma(`synchronous = ${kind.waitsForDisk ? 'FULL' : 'NORMAL'}`);
    database.#migrate();
    return database;
  }

  /** Opens one that exists, to look at. The same errors. */
  static forReading(file: string, kind: DatabaseKind): Database {
    closeSync(openSync(file, 'r'));
    const url = `file:${encodeURI(file)}?mode=ro`;
    const database = new Database(new Libsql(url, { timeout: BUSY_MS }), kind);
    if (database.#version() === 0) throw new ForeignDatabaseError(`${file} is no ${kind.name}`);
    return database;
  }

  prepare(sql: string): Query {
    const statement = this.#db.prepare(sql);
    return {
      all: (...parameters) => statement.raw().all(...parameters) as Row[],
      iterate: (...parameters) => statement.raw().iterate(...parameters) as Iterable<BlobRow>,
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
    const { migrations, name } = this.#kind;
    if (Number(version) <= migrations.length) return Number(version);
    throw new ForeignDatabaseError(
      `the ${name} was written by a later version of vmc (${version}, this one knows ${migrations.length})`,
    );
  }

  #migrate(): void {
    const { migrations, applicationId } = this.#kind;
    const from = this.#version();
    if (from === migrations.length) return;
    const [[tables = 0] = []] = this.prepare('SELECT count(*) FROM sqlite_schema').all();
    if (from === 0 && Number(tables) > 0)
      throw new ForeignDatabaseError('the file is a database of something else');
    this.transaction(() => {
      for (const migration of migrations.slice(from)) this.#db.exec(migration);
      this.#db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
    });
  }
}

/** Somebody reads it meanwhile. */
const BUSY_MS = 5000;

/** Whether what was thrown says that the file is damaged, and not that it cannot be reached or has no room. */
export function isDamage(error: unknown): boolean {
  if (error instanceof ForeignDatabaseError) return true;
  const code = String((error as { readonly code?: unknown }).code ?? '');
  return /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(code);
}
