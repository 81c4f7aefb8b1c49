import { databaseFile } from './kept-database.js';
import { LEDGER } from './schema.js';

/** The ledger's file in the state directory. */
export const ledgerFile = (directory: string): string => databaseFile(directory, LEDGER);
