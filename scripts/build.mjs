#!/usr/bin/env node
/*
 * `npm run build`, and `prepare` after every `npm ci`: everything under dist/.
 *
 *   dist/cli.cjs, demo.cjs   entries; dist/chunks/ what they load, each command only what it needs
 *   dist/code-cache/         V8's code cache for them, for the Node that built it (bin/vmc.cjs)
 *   dist/lib/, dist/types/   the library's ES modules and their types
 *   dist/vmc-vscode.vsix     the extension for Visual Studio Code, from editors/vscode/
 *   schemas/                 the published JSON schemas, from the types
 *
 * It runs from node_modules alone: nothing is downloaded.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommands } from './lib/bundle-commands.mjs';
import { bundleLibrary } from './lib/bundle-library.mjs';
import { emitTypes } from './lib/emit-types.mjs';
import { makeCodeCache } from './lib/make-code-cache.mjs';
import { packageExtension } from './lib/package-extension.mjs';
import { ROOT } from './lib/root.mjs';

if (!existsSync(join(ROOT, 'node_modules', 'esbuild'))) {
  console.error('vmc: the build needs the development packages: run `npm ci` without --omit=dev.');
  process.exit(1);
}
const fresh = join(ROOT, `.build-${process.pid}`);
try {
  await Promise.all([emitTypes(fresh), bundleCommands(fresh), bundleLibrary(fresh), packageExtension(fresh)]);
  // What runs from the old one meanwhile has loaded what it needs to start, and finds its late chunks again if unchanged.
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  renameSync(fresh, join(ROOT, 'dist'));
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
makeCodeCache();
