#!/usr/bin/env node
'use strict';
/*
 * Loads the chunks that `npm run build` leaves under dist/ (scripts/build.mjs): CommonJS modules in their wrappers, with
 * V8's code cache for them, which halves what vmc costs to start. A cache that is absent or that V8 does not accept
 * (another Node, other flags) is ignored: nothing is ever written here.
 */
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const DIST = join(__dirname, '..', 'dist');
const CLI = join(DIST, 'cli.cjs');
/** Chunks in memory: by absolute path, and for who makes the cache their compiled scripts by name below dist/. */
const modules = new Map();
const scripts = new Map();

/** File of the cache for this Node: dist/code-cache/v20.20.2-x64.bin. */
const cacheFile = join(DIST, 'code-cache', `${process.version}-${process.arch}.bin`);
const cache = readCache();

/** Layout: length of the header (4 bytes), the header as JSON `{name: [offset, length, sum]}`, the blobs; all begin at words. */
function readCache() {
  try {
    const bytes = readFileSync(cacheFile);
    const start = 4 + bytes.readUInt32LE(0);
    return { index: JSON.parse(bytes.toString('latin1', 4, start)), blobs: bytes.subarray(start) };
  } catch {
    return { index: {}, blobs: Buffer.alloc(0) };
  }
}

/**
 * V8 looks at the head of what it is given, and dies of a rest that is broken: so the sum is compared here.
 * INVARIANT: what is cached has the digest of its content in its name, for of the source V8 compares the length only.
 */
function cachedData(name) {
  const [offset, length, sum] = cache.index[name] ?? [];
  if (offset === undefined) return undefined;
  const blob = cache.blobs.subarray(offset, offset + length);
  return blob.length === length && sumOf(blob) === sum ? blob : undefined;
}

/**
 * Of one 32-bit word in every 64 bytes of a blob, for all of them would take 3 ms; files break by pages. NaN where the blob
 * does not begin at a word.
 */
function sumOf(blob) {
  if (blob.byteOffset % 4 !== 0) return Number.NaN;
  const words = new Int32Array(blob.buffer, blob.byteOffset, blob.length >> 2);
  let sum = 0;
  for (let i = 0; i < words.length; i += 16) sum = (Math.imul(sum, 31) + words[i]) | 0;
  return sum;
}

/** The exports of a chunk, given its absolute path. */
function load(file) {
  const loaded = modules.get(file);
  if (loaded) return loaded.exports;
  const name = file.slice(DIST.length + 1);
  const data = cachedData(name);
  // What is cached is ASCII, and latin1 is read without looking at each byte.
  const script = new Script(readFileSync(file, data ? 'latin1' : 'utf8'), {
    filename: file,
    cachedData: data,
  });
  const module = { exports: {} };
  modules.set(file, module);
  scripts.set(name, script);
  script
    .runInThisContext()
    .call(module.exports, module.exports, requireFrom(file), module, file, dirname(file));
  return module.exports;
}

/** `require` as a chunk sees it: other chunks come through `load`, all else from Node. */
function requireFrom(file) {
  const folder = dirname(file);
  let outside;
  return (specifier) => {
    if (specifier.startsWith('.') && specifier.endsWith('.cjs')) return load(join(folder, specifier));
    if (SLOW_BUILTINS.has(specifier)) return lazily(specifier);
    if (specifier.startsWith('node:')) return require(specifier);
    outside ??= require('node:module').createRequire(file);
    return outside(specifier);
  };
}

/** Take milliseconds to load, and few commands come to use them. */
const SLOW_BUILTINS = new Set(
  ['child_process', 'crypto', 'http', 'net', 'os', 'tty', 'worker_threads', 'zlib'].map(
    (name) => `node:${name}`,
  ),
);

/** A built-in module that is loaded when something is first taken from it. */
function lazily(specifier) {
  return new Proxy(
    {},
    {
      get: (_, name) => require(specifier)[name],
      has: (_, name) => name in require(specifier),
      ownKeys: () => Reflect.ownKeys(require(specifier)),
      getOwnPropertyDescriptor: (_, name) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(require(specifier), name);
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
}

/** Runs a command line of vmc. */
function start(argv) {
  if (existsSync(CLI)) return require(CLI).main(argv);
  process.stderr.write('vmc: it is not built yet: npm run build\n');
  process.exitCode = 4;
}

module.exports = { start, cacheFile, load, scripts, sumOf, DIST };
if (require.main === module) start(process.argv.slice(2));
