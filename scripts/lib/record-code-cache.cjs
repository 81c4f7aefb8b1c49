'use strict';
/*
 * Executes what is worth starting fast and writes V8's code for it where bin/vmc.cjs looks. Functions are compiled
 * when they are first called, so it is what runs here that will not be compiled again.
 */
const { isAscii } = require('node:buffer');
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { cacheFile, scripts, sumOf, DIST } = require('../../bin/vmc.cjs');

const POLICY = process.argv[2] ?? join(__dirname, '../../examples/policies/demo.vmc');

async function record() {
  const { run } = require(join(DIST, 'cli.cjs'));
  const sink = { write: () => true };
  for (const argv of workloads()) await run(argv, { stdout: sink, stderr: sink, env: {} });
  const blobs = [];
  const index = {};
  let offset = 0;
  for (const [name, script] of scripts) {
    if (!isAscii(readFileSync(join(DIST, name)))) continue;
    const blob = wholeWords(script.createCachedData());
    index[name] = [offset, blob.length, sumOf(blob)];
    blobs.push(blob);
    offset += blob.length;
  }
  const header = wholeWords(Buffer.from(JSON.stringify(index), 'latin1'));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  mkdirSync(dirname(cacheFile), { recursive: true });
  writeFileSync(cacheFile, Buffer.concat([length, header, ...blobs]));
}

/** Filled up with blanks, which are nothing to JSON; V8 knows the length of what it wrote. */
function wholeWords(bytes) {
  const whole = Buffer.alloc(Math.ceil(bytes.length / 4) * 4, ' ');
  bytes.copy(whole);
  return whole;
}

function workloads() {
  return existsSync(POLICY)
    ? [
        ['compile', POLICY],
        ['check', POLICY],
      ]
    : [];
}

record();
