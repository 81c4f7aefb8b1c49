/*
 * What yargs wants of a platform (lib/platform-shims/esm.mjs), without what a command line of vmc never uses: translations,
 * package.json look-ups, widths of East Asian text. The original loads 8 ms of modules, standard output among them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { format, inspect } from 'node:util';
import cliui from 'cliui';
import Parser from 'yargs-parser';

function check(holds, message) {
  if (!holds) throw new Error(message);
}

function unavailable() {
  throw new Error('not available in vmc');
}

export default {
  assert: {
    notStrictEqual: (actual, other, message) => check(!Object.is(actual, other), message),
    strictEqual: (actual, expected, message) => check(Object.is(actual, expected), message),
  },
  cliui,
  findUp: () => undefined,
  getEnv: (name) => process.env[name],
  inspect,
  getProcessArgvBin: () => process.argv[1],
  mainFilename: 'vmc',
  Parser,
  path: { basename, dirname, extname, relative, resolve, join },
  process: {
    argv: () => process.argv,
    cwd: () => process.cwd(),
    emitWarning: (warning, type) => process.emitWarning(warning, type),
    execPath: () => process.execPath,
    exit: unavailable,
    nextTick: process.nextTick,
    stdColumns: null,
  },
  readFileSync,
  readdirSync,
  require: unavailable,
  getCallerFile: unavailable,
  stringWidth: (text) => text.length,
  y18n: {
    __: format,
    __n: (singular, plural, count, ...rest) => format(count === 1 ? singular : plural, ...rest),
    getLocale: () => 'en_US',
    setLocale: () => {},
    updateLocale: () => {},
  },
};
