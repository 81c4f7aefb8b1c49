#!/usr/bin/env node
'use strict';
/*
 * Starts the bundles that `npm run build` leaves under dist/ (scripts/build.mjs). They are plain CommonJS and would run
 * under Node's own `require`; this loader adds V8's code cache to it, which halves what vmc costs to start. A cache
 * that is absent or that V8 does not accept (another Node, other flags) is ignored: nothing is ever written here.
 */
const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const DIST = join(__dirname, '..', 'dist');
const CLI = join(DIST, 'cli.cjs');
const WRAPPER = ['(function (exports, require, module, __filename, __dirname) {', '\n})'];

/** Bundles in memory, by absolute path: their exports and, for who makes the cache, their compiled scripts. */
const modules = new Map();
const scripts = new Map();

/** File of the cache for this Node: dist/code-cache/v20.20.2-x64.bin. */
const cacheFile = join(DIST, 'code-cache', `${process.version}-${process.arch}.bin`);
const cache = readCache();

/** Layout: length of the header (4 bytes), the header as JSON `{name: [offset, length]}`, the blobs. */
function readCache() {
  try {
    const bytes = readFileSync(cacheFile);
    const start = 4 + bytes.readUInt32LE(0);
    return { index: JSON.parse(bytes.toString('latin1', 4, start)), blobs: bytes.subarray(start) };
  } catch {
    return { index: {}, blobs: Buffer.alloc(0) };
  }
}

/** INVARIANT: what is cached has the digest of its content in its name, for V8 compares no more than lengths. */
function cachedData(name) {
  const [offset, length] = cache.index[name] ?? [];
  return offset === undefined ? undefined : cache.blobs.subarray(offset, offset + length);
}

/** The exports of a bundle, given its absolute path. */
function load(file) {
  const loaded = modules.get(file);
  if (loaded) return loaded.exports;
  const source = WRAPPER[0] + readFileSync(file, 'utf8') + WRAPPER[1];
  const name = file.slice(DIST.length + 1);
  const script = new Script(source, { filename: file, cachedData: cachedData(name) });
  const module = { exports: {} };
  modules.set(file, module);
  scripts.set(name, script);
  script
    .runInThisContext()
    .call(module.exports, module.exports, requireFrom(file), module, file, dirname(file));
  return module.exports;
}

/** `require` as a bundle sees it: other bundles come through `load`, all else from Node. */
function requireFrom(file) {
  const folder = dirname(file);
  let outside;
  return (specifier) => {
    if (specifier.startsWith('.') && specifier.endsWith('.cjs')) return load(join(folder, specifier));
    if (specifier.startsWith('node:')) return require(specifier);
    outside ??= createRequire(file);
    return outside(specifier);
  };
}

/** Runs a command line of vmc. */
function start(argv) {
  if (existsSync(CLI)) return load(CLI).main(argv);
  process.stderr.write('vmc: it is not built yet: npm run build\n');
  process.exitCode = 4;
}

module.exports = { start, cacheFile, load, scripts, DIST };
if (require.main === module) start(process.argv.slice(2));
