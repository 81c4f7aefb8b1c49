import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { isSeq, parseDocument } from 'yaml';
import { analyse, type Diagnostic, type ImportReader, parse } from '../../src/lang/index.js';
import { loadGrammar } from '../grammar/load-grammar.js';
import { withoutSpans } from '../grammar/trees.js';
import { type CaseError, type ConformanceFile, conformanceFiles, type ErrorCase } from './cases.js';

const UPDATES_RANGES = process.env['UPDATE_CONFORMANCE_RANGES'] === '1';

const FILE = 'case.vmc';

function errorsOf({ source, files = {} }: ErrorCase): readonly CaseError[] {
  const readImport: ImportReader = (file) => {
    const text = files[file];
    return text === undefined ? { kind: 'refused', reason: 'there is no such file' } : { kind: 'text', text };
  };
  const { diagnostics } = analyse({ file: FILE, text: source }, { readImport });
  return diagnostics.filter(({ severity }) => severity === 'error').map(placed);
}

const placed = ({ code, file, range: { start, end } }: Diagnostic): CaseError => ({
  code,
  ...(file === FILE ? {} : { file }),
  range: {
    start: { line: start.line, column: start.column },
    end: { line: end.line, column: end.column },
  },
});

/** Writes the ranges of the cases that have the right codes; everything else in the file stays as it is. */
function updateRanges({ path, cases }: ConformanceFile): void {
  const document = parseDocument(readFileSync(path, 'utf8'));
  cases.forEach((one, number) => {
    if (!('errors' in one)) return;
    const found = errorsOf(one);
    if (found.length !== one.errors.length || found.some(({ code }, i) => code !== one.errors[i]?.code))
      return;
    const errors = document.getIn([number, 'errors']);
    if (!isSeq(errors)) return;
    found.forEach(({ range }, i) => {
      for (const end of ['start', 'end'] as const) {
        for (const part of ['line', 'column'] as const) {
          document.setIn([number, 'errors', i, 'range', end, part], range[end][part]);
        }
      }
    });
  });
  writeFileSync(path, document.toString({ lineWidth: 0, flowCollectionPadding: true }));
}

describe('the conformance corpus', () => {
  const grammar = loadGrammar();
  const files = conformanceFiles();

  before(() => {
    if (UPDATES_RANGES)
      for (const file of files.filter(({ area }) => area.includes('errors'))) updateRanges(file);
  });

  for (const { area, cases } of files) {
    describe(area, () => {
      for (const one of cases) {
        it(one.name, () => {
          const trees = grammar.parse(one.source);
          if ('tree' in one) {
            const { tree, diagnostics } = parse({ file: FILE, text: one.source });
            expect(trees, 'the trees of the normative grammar').to.deep.equal([one.tree]);
            expect(diagnostics, 'of the parser').to.deep.equal([]);
            expect(withoutSpans(tree), 'the tree of the parser').to.deep.equal(one.tree);
          } else {
            expect(errorsOf(one)).to.deep.equal(one.errors);
            expect(trees.length, 'trees of the normative grammar').to.equal(one.followsGrammar ? 1 : 0);
          }
        });
      }
    });
  }

  it('gives each case of an area a name of its own', () => {
    for (const { cases } of files) {
      const names = cases.map(({ name }) => name);
      expect(names).to.deep.equal([...new Set(names)]);
    }
  });

  it('has an example of every statement, condition, amount and outcome of the tree', () => {
    const kinds = new Set<unknown>();
    JSON.stringify(files, (key, value: unknown) => {
      if (key === 'kind') kinds.add(value);
      return value;
    });
    expect([...kinds]).to.include.members(KINDS);
  });
});

/** Every `kind` of src/lang/tree.ts that a text without mistakes can have. */
const KINDS = (
  'policy import host cores memory timezone mechanisms class match vcpus overhead task union ignore let switch signal test ' +
  'keep limit guarantee reserve run share share-equally pause yield place stop budget offer assert when ' +
  'cpu disk network elastic every in-any tasks at-most at-least paused at given expect expect-that truth value unknown ' +
  'spent vms yields runs reserved guaranteed and or not assuming except days dates reference comparison process forecast ' +
  'named guests others owner user'
).split(' ');
