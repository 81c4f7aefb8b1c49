#!/usr/bin/env node
/*
 * `npm run bench [-- MODULE…]`: the benchmarks of bench/, bundled as the commands are and not as tests run, for what loads
 * TypeScript on the fly makes closures in hot paths dearer. Runs from a build (npm run build).
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { ROOT } from './lib/root.mjs';

// As far below the root as the sources are, so that they find the files beside them.
const directory = join(ROOT, `.build-bench-${process.pid}`);
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
await esbuild.build({
  absWorkingDir: ROOT,
  entryPoints: readdirSync(join(ROOT, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('bench', file)),
  outdir: directory,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'shared-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
await import(pathToFileURL(join(directory, 'run.mjs')).href);
