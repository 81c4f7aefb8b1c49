import { expect } from 'chai';
import { CLASS_SIGNALS, SIGNALS } from '../../src/lang/signals.js';
import { unitWords } from '../../src/lang/units.js';
import { RESERVED_WORDS, SOFT_WORDS } from '../../src/lang/words.js';
import { condition } from '../../src/lsp/forms/condition-forms.js';
import type { Form } from '../../src/lsp/forms/form.js';
import { STATEMENTS } from '../../src/lsp/forms/statement-forms.js';
import { CLASS_SIGNAL_DOCS, SIGNAL_DOCS } from '../../src/lsp/words/signal-docs.js';
import { STATEMENT_DOCS } from '../../src/lsp/words/statement-docs.js';
import { UNITS, unitDoc } from '../../src/lsp/words/unit-docs.js';
import { WORD_DOCS } from '../../src/lsp/words/word-docs.js';
import { loadGrammar } from '../grammar/load-grammar.js';

const BODIES = Object.entries(STATEMENTS);

describe('what the language server says of words', () => {
  it('covers every signal and every unit', () => {
    expect(Object.keys(SIGNAL_DOCS)).to.have.members([...SIGNALS.keys()]);
    expect(Object.keys(CLASS_SIGNAL_DOCS)).to.have.members([...CLASS_SIGNALS.keys()]);
    for (const unit of unitWords()) expect(unitDoc(unit), unit).to.be.a('string');
    expect(
      Object.values(UNITS)
        .flat()
        .filter((unit) => !unit.startsWith('%')),
    ).to.have.members([...unitWords()]);
    expect(unitDoc('Mbit/s')).to.equal('rate: 1000² bits a second');
    expect(unitDoc('parsec')).to.equal(null);
  });

  it('covers every sentence, property and line of a test, and nothing else', () => {
    for (const [body, statements] of BODIES) {
      const starters = new Set(statements.map(({ starter }) => starter));
      const docs = STATEMENT_DOCS[body as keyof typeof STATEMENT_DOCS];
      expect(Object.keys(docs), body).to.have.members([...starters]);
    }
  });

  it('covers every other word that a sentence holds', () => {
    const starters = new Set(BODIES.flatMap(([, statements]) => statements.map(({ starter }) => starter)));
    const words = new Set(
      [condition, ...BODIES.flatMap(([, all]) => all.map(({ form }) => form))].flatMap(wordsIn),
    );
    // Those of units are told about with their units.
    const ofUnits = new Set(['of', 'a', 'core']);
    const undocumented = [...words].filter(
      (word) => /^[a-z]/.test(word) && !starters.has(word) && !ofUnits.has(word) && !(word in WORD_DOCS),
    );
    expect(undocumented).to.deep.equal([]);
  });

  it('knows all words of the language by their forms', () => {
    const words = new Set(
      [condition, ...BODIES.flatMap(([, all]) => all.map(({ form }) => form))].flatMap(wordsIn),
    );
    // Days are one kind of token; `cpu` and the like are units or stand in them.
    const others = new Set([
      'daily',
      'weekdays',
      'weekends',
      'mon',
      'tue',
      'wed',
      'thu',
      'fri',
      'sat',
      'sun',
    ]);
    const unknown = [...RESERVED_WORDS, ...SOFT_WORDS].filter(
      (word) => !words.has(word) && !others.has(word),
    );
    expect(unknown).to.deep.equal(['core', 'cores'].filter((word) => !words.has(word)));
  });

  it('inserts snippets that are sentences when their placeholders are filled in', () => {
    const grammar = loadGrammar();
    const around: Record<string, readonly [string, string]> = {
      policy: ['', ''],
      block: ['when a { ', ' }'],
      class: ['vm a { ', ' }'],
      host: ['host { ', ' }'],
      offer: ['offer 1 vm a { ', ' }'],
      test: ['test "a" { ', ' }'],
    };
    for (const [body, docs] of Object.entries(STATEMENT_DOCS)) {
      const [before, after] = around[body] ?? ['', ''];
      for (const [starter, { snippet }] of Object.entries(docs)) {
        const filled = snippet
          .replace(/\$\{\d+:([^}]*)\}/g, '$1')
          .replace(/\$\{\d+\|([^,]*),[^}]*\}/g, '$1')
          .replaceAll('$0', '');
        const front = starter === 'otherwise' ? 'when a { } ' : '';
        const text = `${before}${front}${filled}${after}\n`;
        expect(grammar.parse(text), text).to.have.length(1);
      }
    }
  });
});

function wordsIn(form: Form): readonly string[] {
  switch (form.kind) {
    case 'token':
      return form.terminal.kind === 'word' ? [form.terminal.word] : [];
    case 'sequence':
    case 'choice':
      return form.parts.flatMap(wordsIn);
    case 'optional':
    case 'repeated':
      return wordsIn(form.part);
    default:
      return [];
  }
}
