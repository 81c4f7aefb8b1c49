#!/usr/bin/env node
/*
 * `npm run check`: everything that can be wrong with the sources without running them: types, lint and format, dead code
 * and unused packages, published schemas, drawn grammar. Runs all of it, says which failed.
 */
import { spawnSync } from 'node:child_process';
import { ROOT } from './lib/root.mjs';

const COLORS = process.stdout.isTTY ? 'force' : 'off';

const STEPS = [
  ['types', ['node_modules/.bin/tsc', '-p', '.']],
  ['lint and format', ['node_modules/.bin/biome', 'check', `--colors=${COLORS}`, '--error-on-warnings', '.']],
  ['dead code', ['node_modules/.bin/knip']],
  ['schemas', [process.execPath, '--import', 'tsx', 'scripts/schemas.ts', '--check']],
  ['textmate', [process.execPath, '--import', 'tsx', 'scripts/textmate.ts', '--check']],
  ['diagrams', [process.execPath, '--import', 'tsx', 'scripts/diagrams.ts', '--check']],
];

const failed = STEPS.filter(([name, [program, ...args]]) => {
  console.log(`check: ${name}`);
  return spawnSync(program, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0;
});
if (failed.length > 0) console.log(`check failed: ${failed.map(([name]) => name).join(', ')}`);
else console.log('check: all is well');
process.exitCode = failed.length > 0 ? 1 : 0;
