/*
 * Writes schemas/*.schema.json from the types (`npm run schemas`); with --check it only says which are not current.
 */
import { PUBLISHED_SCHEMAS } from '../src/api/published-schemas.js';
import { publish } from './lib/generated-files.js';

const DIALECT = { $schema: 'https://json-schema.org/draft/2020-12/schema' };

const files = PUBLISHED_SCHEMAS.map((schema): [string, string] => [
  `schemas/${String(schema.$id)}`,
  `${JSON.stringify({ ...DIALECT, ...schema }, null, 2)}\n`,
]);
publish(new Map(files), 'npm run schemas');
