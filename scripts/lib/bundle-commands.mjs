import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import { ROOT } from './root.mjs';

/** What becomes dist/NAME.cjs. The demo, the daemon's threads and the language server's compiler share the commands' chunks. */
const ENTRIES = {
  cli: 'src/cli/main.ts',
  demo: 'demo/main.ts',
  'timing-worker': 'src/enforce/linux/timing-worker.ts',
  'ledger-worker': 'src/enforce/ledger/ledger-worker.ts',
  'plan-worker': 'src/api/plan-worker.ts',
  'compile-worker': 'src/lsp/compile/compile-worker.ts',
  'hog-worker': 'src/cli/replay-load/hog-worker.ts',
};

/** Not bundled: native addons, and what only other systems have. */
export const EXTERNAL = ['koffi', 'libsql', 'osx-temperature-sensor'];

/** Small code in the place of general code that is slow to start: 15 ms, and 40 KB of Unicode tables for ASCII text. */
const ALIAS = {
  'lodash-es': join(ROOT, 'scripts/lib/native-lodash.mjs'),
  'string-width': join(ROOT, 'scripts/lib/ascii-width.mjs'),
};

/** Gives yargs a platform of ours. */
const yargsPlatform = {
  name: 'yargs-platform',
  setup: (build) =>
    build.onResolve({ filter: /platform-shims\/esm\.mjs$/ }, () => ({
      path: join(ROOT, 'scripts/lib/yargs-platform.mjs'),
    })),
};

/**
 * esbuild splits only ES modules, and only CommonJS can have V8's code cache: so the chunks are split as the former
 * and then turned, one by one, into the latter.
 */
export async function bundleCommands(dist) {
  const present = Object.entries(ENTRIES).filter(([, source]) => existsSync(join(ROOT, source)));
  const split = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(present),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outdir: join(dist, 'chunks'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    external: EXTERNAL,
    alias: ALIAS,
    plugins: [yargsPlatform],
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  mkdirSync(join(dist, 'chunks'), { recursive: true });
  await Promise.all(split.outputFiles.map(writeAsCommonJs));
  for (const [output, { entryPoint }] of Object.entries(split.metafile.outputs)) {
    const [name] = present.find(([, source]) => source === entryPoint) ?? [];
    if (name) writeEntry(dist, name, basename(output));
  }
}

/** What Node puts around a module; in the file, so that the loader need not copy half a megabyte to add it. */
const WRAPPER = ['(function (exports, require, module, __filename, __dirname) {', '})'];

async function writeAsCommonJs({ path, text }) {
  const { code } = await esbuild.transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    charset: 'ascii',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__moduleUrl' },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
  });
  const url = code.includes('__moduleUrl')
    ? 'const __moduleUrl=require("node:url").pathToFileURL(__filename).href;'
    : '';
  writeFileSync(path, `${WRAPPER[0]}${url}${code}${WRAPPER[1]}`);
}

/** dist/NAME.cjs is a plain module: it has the loader load its chunk. */
function writeEntry(dist, name, chunk) {
  const load = `require('../bin/vmc.cjs').load(require('node:path').join(__dirname, 'chunks', '${chunk}'))`;
  writeFileSync(join(dist, `${name}.cjs`), `module.exports = ${load};\n`);
}
