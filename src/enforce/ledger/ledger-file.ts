import { join } from 'node:path';

/** The ledger's file in the state directory. */
export const ledgerFile = (directory: string): string => join(directory, 'ledger.db');
