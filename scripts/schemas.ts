/*
 * Writes schemas/*.schema.json from the types (`npm run schemas`); with --check it only says which are not current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLISHED_SCHEMAS } from '../src/api/published-schemas.js';
import { packageRoot } from '../src/support/package-root.js';

const DIALECT = { $schema: 'https://json-schema.org/draft/2020-12/schema' };

const stale = PUBLISHED_SCHEMAS.filter((schema) => {
  const file = join(packageRoot(), 'schemas', String(schema.$id));
  const text = `${JSON.stringify({ ...DIALECT, ...schema }, null, 2)}\n`;
  if (process.argv.includes('--check')) return readOrEmpty(file) !== text;
  writeFileSync(file, text);
  return false;
});
for (const { $id } of stale) console.error(`schemas/${$id} is not current: npm run schemas`);
process.exitCode = stale.length > 0 ? 1 : 0;

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
