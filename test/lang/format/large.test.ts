import { expect } from 'chai';
import { formatted, inkOf } from './formatted.js';

const LENGTH = 250_000;
const filled = (unit: string, head = '', tail = '') =>
  head + unit.repeat(Math.floor(LENGTH / unit.length)) + tail;

/** Each would take a quadratic formatter minutes, and one that recurses without bound its stack. */
const LARGE: Readonly<Record<string, string>> = {
  'a sentence many times': filled('pause a\n'),
  'a sentence many times on one line': filled('pause a '),
  'many sentences in a block': filled('pause a ', 'when b { ', '}'),
  'many blocks': filled('when b{pause a}'),
  'many properties': filled('vcpus 1 ', 'vm a {', '}'),
  'a long `and`': filled(' and x', 'let y = x'),
  'a long `or` of `and`s': filled(' or x and y', 'let y = x'),
  'a long union': filled('a, ', 'group b = ', 'a'),
  'a long list of days': filled('mon,', 'let y = ', 'mon'),
  'a long list of dates': filled('2026-12-24,', 'let y = ', '2026-12-24'),
  'a long list of cores': filled('0-3,', 'place a on cores ', '5'),
  'many parentheses': filled('or (x) ', 'let y = x '),
  'a long name': filled('a', 'pause '),
  'a long path': filled('.a', 'let y = a'),
  comments: filled('# a\n'),
  'comments behind sentences': filled('pause a # b\n'),
  'comments in a sentence': filled('and # b\nx ', 'let y = x '),
  'a comment with many blanks': filled(' ', 'pause a # b', 'c'),
  'a comment that ends in many blanks': filled(' \t', 'pause a # b', '\n'),
  'empty lines': filled('\r\n', 'pause a', 'pause a'),
};

describe('a large policy', () => {
  for (const [what, text] of Object.entries(LARGE)) {
    it(`is laid out in time linear in its length: ${what}`, () => {
      expect(inkOf(formatted(text)).join('') === inkOf(text).join('')).to.equal(true);
    }).timeout(30_000);
  }
});
