import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import * as fc from 'fast-check';

type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const load = (file: string) => import(join(root, file)) as Promise<Functions>;

const scalar = fc.oneof(fc.integer(), fc.constantFrom('', 'a', 'b'), fc.boolean());
const array = fc.array(scalar);
const object = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), scalar);
const records = fc.array(fc.record({ a: scalar, b: scalar }));
const nothing = fc.constantFrom(null, undefined);
const collection = fc.oneof(array, object, nothing);
const any = fc.oneof(scalar, array, object, nothing);

const isOdd = (value: unknown) => value === 1 || value === 'a' || value === true;
const pair = (value: unknown, key: unknown) => [value, key];

/** For each function, arguments as Chevrotain passes them. */
const CASES: Readonly<Record<string, fc.Arbitrary<unknown[]>>> = {
  assign: fc.tuple(object, object),
  clone: fc.tuple(fc.oneof(array, object, scalar)),
  compact: fc.tuple(fc.array(any)),
  defaults: fc.tuple(object, object, object),
  difference: fc.tuple(array, array),
  drop: fc.tuple(array, fc.nat(5)),
  dropRight: fc.tuple(array, fc.nat(5)),
  every: fc.tuple(collection, fc.constant(isOdd)),
  filter: fc.oneof(fc.tuple(collection, fc.constant(isOdd)), fc.tuple(records, fc.constant('a'))),
  find: fc.tuple(collection, fc.constant(isOdd)),
  first: fc.tuple(array),
  flatMap: fc.tuple(collection, fc.constant(pair)),
  flatten: fc.tuple(fc.array(fc.oneof(scalar, fc.array(array)))),
  forEach: fc.tuple(collection, fc.constant(isOdd)),
  groupBy: fc.tuple(array, fc.constant(String)),
  has: fc.tuple(fc.oneof(object, nothing), fc.constantFrom('a', 'b', 'toString')),
  identity: fc.tuple(any),
  includes: fc.tuple(fc.oneof(array, object), scalar),
  indexOf: fc.tuple(array, scalar),
  isArray: fc.tuple(any),
  isEmpty: fc.tuple(any),
  isFunction: fc.tuple(fc.oneof(any, fc.constant(isOdd))),
  isObject: fc.tuple(fc.oneof(any, fc.constant(isOdd))),
  isRegExp: fc.tuple(fc.oneof(any, fc.constant(/x/))),
  isString: fc.tuple(any),
  isUndefined: fc.tuple(any),
  keys: fc.tuple(collection),
  last: fc.tuple(array),
  map: fc.oneof(fc.tuple(collection, fc.constant(pair)), fc.tuple(records, fc.constant('b'))),
  noop: fc.tuple(any),
  pickBy: fc.tuple(object, fc.constant(isOdd)),
  reduce: fc.oneof(
    fc.tuple(
      collection,
      fc.constant((sum: unknown, value: unknown) => `${sum}${value}`),
      fc.constant(''),
    ),
    fc.tuple(
      array,
      fc.constant((sum: unknown, value: unknown) => `${sum}${value}`),
    ),
  ),
  reject: fc.tuple(collection, fc.constant(isOdd)),
  some: fc.tuple(collection, fc.constant(isOdd)),
  uniq: fc.tuple(array),
  upperFirst: fc.tuple(fc.string()),
  values: fc.tuple(collection),
};

/** What Chevrotain imports from lodash-es. */
function importedNames(): Set<string> {
  const names = new Set<string>();
  for (const folder of ['chevrotain', '@chevrotain/gast', '@chevrotain/cst-dts-gen']) {
    const sources = join(root, 'node_modules', folder, 'lib/src');
    for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.js')) continue;
      const text = readFileSync(join(sources, file), 'utf8');
      for (const [, list = ''] of text.matchAll(/import \{([^}]*)\} from "lodash-es"/g)) {
        for (const name of list.split(',')) names.add(name.trim().split(' as ')[0] ?? '');
      }
    }
  }
  return names;
}

describe('the stand-in for lodash in the bundles', () => {
  let ours: Functions;
  let theirs: Functions;
  before(async () => {
    ours = await load('scripts/lib/native-lodash.mjs');
    theirs = await load('node_modules/lodash-es/lodash.js');
  });

  it('has what Chevrotain imports, and nothing else', () => {
    const wanted = [...importedNames()].filter((name) => name !== '');
    expect(Object.keys(ours)).to.have.members(wanted);
    expect(Object.keys(CASES)).to.have.members(wanted);
  });

  for (const [name, args] of Object.entries(CASES)) {
    it(`does what lodash does: ${name}`, () => {
      fc.assert(
        fc.property(args, (given) => {
          const [mine, yours] = [structuredCloneOf(given), structuredCloneOf(given)];
          expect(ours[name]?.(...mine)).to.deep.equal(theirs[name]?.(...yours));
          expect(mine).to.deep.equal(yours);
        }),
      );
    });
  }
});

/** A copy, for functions that change their arguments; functions stay what they are. */
const structuredCloneOf = (args: readonly unknown[]): unknown[] =>
  args.map((each) => (typeof each === 'function' || each instanceof RegExp ? each : structuredClone(each)));
