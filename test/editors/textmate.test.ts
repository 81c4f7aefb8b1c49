import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';
import { RESERVED_WORDS } from '../../src/lang/words.js';
import { packageRoot } from '../../src/support/package-root.js';

const GRAMMAR = join(packageRoot(), 'editors/vscode/syntaxes/vmc.tmLanguage.json');

/** The tokens of a line as VS Code finds them: each stretch with its innermost scope, without the language's name. */
type Coloured = readonly (readonly [text: string, scope: string])[];

describe("the extension's TextMate grammar", () => {
  let grammar: textmate.IGrammar;
  before(async () => {
    const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
    await oniguruma.loadWASM(readFileSync(wasm));
    const registry = new textmate.Registry({
      onigLib: Promise.resolve({
        createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
        createOnigString: (text) => new oniguruma.OnigString(text),
      }),
      loadGrammar: async () => textmate.parseRawGrammar(readFileSync(GRAMMAR, 'utf8'), GRAMMAR),
    });
    const loaded = await registry.loadGrammar('source.vmc');
    if (loaded === null) throw new Error('the grammar cannot be read');
    grammar = loaded;
  });

  function coloured(line: string): Coloured {
    const { tokens } = grammar.tokenizeLine(line, textmate.INITIAL);
    return tokens.flatMap(({ startIndex, endIndex, scopes }) => {
      const text = line.slice(startIndex, endIndex).trim();
      const scope = scopes.at(-1)?.replace(/\.vmc$/, '') ?? '';
      return text === '' || scope === 'source' ? [] : [[text, scope] as const];
    });
  }

  it('tells declarations and the names that they give', () => {
    expect(coloured('group batch up to 6 vms {')).to.deep.equal([
      ['group', 'keyword.declaration'],
      ['batch', 'entity.name.type'],
      ['up', 'keyword.other'],
      ['to', 'keyword.other'],
      ['6', 'constant.numeric'],
      ['vms', 'keyword.other'],
      ['{', 'punctuation.section'],
    ]);
    expect(coloured('vm "my vm" {')[1]).to.deep.equal(['"my vm"', 'entity.name.type']);
  });

  it('tells sentences, quantities with their units, and mechanisms', () => {
    expect(coloured('  limit each batch to 25% of cpu by quota # why')).to.deep.equal([
      ['limit', 'keyword.control'],
      ['each', 'keyword.other'],
      ['to', 'keyword.other'],
      ['25', 'constant.numeric'],
      ['% of cpu', 'keyword.other.unit'],
      ['by', 'keyword.other'],
      ['quota', 'support.constant.mechanism'],
      ['# why', 'comment.line.number-sign'],
    ]);
    const units = coloured('budget a 20 core-hours per day and 4 MB/s disk, 1.5 GiB memory, 200ms');
    expect(units.filter(([, scope]) => scope === 'keyword.other.unit').map(([text]) => text)).to.deep.equal([
      'core-hours',
      'MB/s',
      'GiB',
      'ms',
    ]);
  });

  it('tells conditions: signals, calendars, operators', () => {
    expect(
      coloured('when owner.demand >= 60% and not mon-fri 09:00-12:00 except 2026-12-24..2027-01-01 {'),
    ).to.deep.equal([
      ['when', 'keyword.control'],
      ['owner', 'support.class'],
      ['.demand', 'variable.other.property'],
      ['>=', 'keyword.operator.comparison'],
      ['60', 'constant.numeric'],
      ['%', 'keyword.other.unit'],
      ['and', 'keyword.operator.word'],
      ['not', 'keyword.operator.word'],
      ['mon-fri', 'constant.language.calendar'],
      ['09:00-12:00', 'constant.other.calendar'],
      ['except', 'keyword.operator.word'],
      ['2026-12-24..2027-01-01', 'constant.other.calendar'],
      ['{', 'punctuation.section'],
    ]);
  });

  it('tells what a match compares, and strings with their escapes', () => {
    const tokens = coloured('  match name "a\\"*" and user alice');
    expect(tokens[1]).to.deep.equal(['name', 'variable.parameter']);
    expect(tokens).to.deep.include(['\\"', 'constant.character.escape']);
    expect(tokens.at(-1)).to.deep.equal(['user', 'variable.parameter']);
  });

  it('leaves names alone that words of the language begin', () => {
    for (const name of ['limits', 'limit-2', 'user_x', 'vm1', 'on-cores', 'monday', 'x-and-y']) {
      expect(coloured(`pause ${name}`), name).to.deep.equal([['pause', 'keyword.control']]);
    }
  });

  it('colours every reserved word', () => {
    for (const word of RESERVED_WORDS) {
      const found = coloured(` ${word} `);
      expect(found, word).to.have.length(1);
    }
  });

  it('ends a string with its line', () => {
    const first = grammar.tokenizeLine('import "open', textmate.INITIAL);
    const second = grammar.tokenizeLine('pause a', first.ruleStack);
    expect(second.tokens[0]?.scopes.at(-1)).to.equal('keyword.control.vmc');
  });
});
