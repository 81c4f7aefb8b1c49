import { expect } from 'chai';
import fc from 'fast-check';
import { analyse, renderText } from '../../src/lang/index.js';

/** All that a policy's reader is asked for, on any text: a result, in which every place is in the text. */
function read(text: string): void {
  const source = { file: 'any.vmc', text };
  const { model, diagnostics } = analyse(source);
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  expect(model === null).to.equal(hasErrors);
  for (const { range, related } of diagnostics) {
    for (const { start, end } of [range, ...related.map((place) => place.range)]) {
      expect(start.offset).to.be.within(0, text.length);
      expect(end.offset).to.be.within(start.offset, text.length);
      expect(start.line).to.be.within(1, text.split('\n').length);
    }
  }
  expect(renderText(diagnostics, [source], { color: false }) === '').to.equal(diagnostics.length === 0);
}

/** Pieces of policies, so that random texts get further than their first word. */
const PIECE = fc.constantFrom(
  ...'vm group a b { } ( ) match name user "x" and vcpus 2 let = when office otherwise limit to 4 cores % of cpu'.split(
    ' ',
  ),
  ...'reserve 4ms every 20ms share among , daily 09:00-17:00 2026-12-24 except not owner.demand > for until'.split(
    ' ',
  ),
  ...'guests others owner each by keep pause run forecast over at upper test budget then switch host \n # " .'.split(
    ' ',
  ),
  '\n',
  '\n',
);

const MIB = 1_048_576;
const filled = (unit: string, head = '', tail = '', length = MIB) =>
  head + unit.repeat(Math.floor((length - head.length - tail.length) / unit.length)) + tail;
/** For what is legal and so is read to its end, which takes a second for a mebibyte. */
const legal = (unit: string, head: string, tail = '') => filled(unit, head, tail, MIB / 4);

/** Each would take a quadratic reader minutes, and one that recurses without bound its stack. */
const LARGE: Readonly<Record<string, string>> = {
  'opening braces': filled('{'),
  'closing braces': filled('}'),
  parentheses: filled('(', 'when '),
  'one number': filled('1', 'pause a limit a to '),
  'one decimal': filled('1', 'limit a to 1.'),
  'one string without an end': filled('a', 'pause "'),
  'quotation marks': filled('"'),
  'escaped quotation marks': filled('\\"', 'pause "'),
  'unknown escapes': filled('\\x', 'pause "'),
  comments: filled('#\n'),
  'stray signs': filled(';'),
  'stray signs between words': filled('a; '),
  negations: filled('not ', 'when '),
  'a long `and`': legal(' and x', 'switch x\nlet y = x'),
  'a long `except`': filled(' except daily', 'let y = daily'),
  'a long path': filled('.a', 'when a'),
  'a long union': legal('a, ', 'group b = ', 'a'),
  'a chain of arms': filled(' otherwise when daily { }', 'when daily { }'),
  'a sentence many times': legal('pause a\n', 'vm a { match user x vcpus 1 }\n'),
  'an unknown name many times': filled('pause a\n'),
  'an unknown word on every line': filled('limt a to 2 cores\n'),
  'a class without an end many times': filled('vm a {\n'),
  'conditions without blocks': filled('when a '),
  'lines of a test without a test': filled('given\n', 'test "x" {\n'),
  'foreign quotes': filled('\u00ab', '', '', MIB / 2),
  'two arms in one line': filled('otherwise ', 'when daily { } '),
  'imports one after the other': filled('import "x"\n'),
  'a declaration many times': filled('switch a\n'),
  'clocks that run on': filled('09:00-'),
  'dates that run on': filled('2026-12-24..'),
  'line ends': filled('\r\n'),
};

describe('any text', () => {
  it('of any characters ends in diagnostics or a model', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), read), { numRuns: 1500 });
  });

  it('made of pieces of policies ends in diagnostics or a model', () => {
    const text = fc.array(PIECE, { maxLength: 60 }).map((pieces) => pieces.join(' '));
    fc.assert(fc.property(text, read), { numRuns: 1500 });
  });

  it('decoded from any bytes ends in diagnostics or a model', () => {
    const text = fc.uint8Array({ maxLength: 300 }).map((bytes) => new TextDecoder().decode(bytes));
    fc.assert(fc.property(text, read), { numRuns: 500 });
  });

  it('that is half a policy ends in diagnostics', () => {
    const policy =
      'vm a { match name "x" and user y vcpus 2 }\ngroup b up to 3 vms { match user z vcpus 1 }\n' +
      'let c = weekdays 09:00-17:00 except 2026-12-24 or owner.demand > 60% for 30s until < 40%\n' +
      'when c { limit b to 25% of cpu } otherwise when not c { run b 20ms every 1s by duty }\n';
    for (let length = 0; length <= policy.length; length++) read(policy.slice(0, length));
  });

  for (const [what, text] of Object.entries(LARGE)) {
    it(`of great length ends in at most a hundred diagnostics and one that says so: ${what}`, () => {
      const { model, diagnostics } = analyse({ file: 'large.vmc', text });
      if (model === null) expect(diagnostics.length).to.be.within(1, 101);
    });
  }
});
