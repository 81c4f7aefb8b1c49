import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/support/package-root.js';
import { formatted, isRefused } from './formatted.js';
import { EXAMPLE, EXAMPLE_LAID_OUT } from './language-example.js';

type Cases = Readonly<Record<string, readonly [from: string, ...to: readonly string[]]>>;

/** Texts, and the lines of their layouts; each layout is its own layout too. */
function layouts(about: string, cases: Cases): void {
  describe(about, () => {
    for (const [what, [from, ...lines]] of Object.entries(cases)) {
      const to = lines.map((line) => `${line}\n`).join('');
      it(what, () => {
        expect(formatted(from)).to.equal(to);
        expect(formatted(to)).to.equal(to);
      });
    }
  });
}

const LONG = 'a-name-of-thirty-two-characters-';

layouts('blanks', {
  'are absent in front of % and of units of time': [
    'when a.cpu>30 % of cpu for 1.5 h until<20% {run a 200 ms every 1 s}',
    'when a.cpu > 30% of cpu for 1.5h until < 20% { run a 200ms every 1s }',
  ],
  'stand in front of all other units': [
    'limit a to 2cores and 4GiB memory and 10MB/s disk and 100iops disk budget a 20core-hours per day',
    'limit a to 2 cores and 4 GiB memory and 10 MB/s disk and 100 iops disk',
    'budget a 20 core-hours per day',
  ],
  'tell a count of guests from a time': [
    'test "t"{given vms 3 s,2\tmin , h given a.b=3 s given vms.cpu=2 s}',
    'test "t" {',
    '  given vms 3 s, 2 min, h',
    '  given a.b = 3s',
    '  given vms.cpu = 2s',
    '}',
  ],
  'are absent in lists of days and of cores, and stand in others': [
    'let a=mon , wed-fri 09:00-10:00,11:00-12:00 or 2026-01-02,2026-02-03 place b on cores 0-3 , 6\n,8',
    'let a = mon,wed-fri 09:00-10:00, 11:00-12:00 or 2026-01-02, 2026-02-03',
    'place b on cores 0-3,6,8',
  ],
  'are absent inside parentheses': [
    'let a=not( b or( c ) )and forecast ( "x y".cpu over 10 s at upper 95 % )>1',
    'let a = not (b or (c)) and forecast("x y".cpu over 10s at upper 95%) > 1',
  ],
  'that align columns become one': [
    'let a   = b\nlet ccc = d\nsignal price  %',
    'let a = b',
    'let ccc = d',
    'signal price %',
  ],
});

layouts('lines', {
  'hold one sentence each': ['pause a pause b\npause\nc', 'pause a', 'pause b', 'pause c'],
  'are empty where they group, at most one at a time': [
    '\uFEFF\r\n\r\n\tpause a\r\n \r\n\r\n\r\npause b\r\npause c\r\n\r\n',
    'pause a',
    '',
    'pause b',
    'pause c',
  ],
  'are not empty at the begin and end of a block': [
    'when a {\n\n\npause b\n\n\npause c\n\n}',
    'when a {',
    '  pause b',
    '',
    '  pause c',
    '}',
  ],
  'are none for a policy without anything in it': ['\n \t\n'],
});

layouts('a block on one line', {
  'stays there, its properties set apart': [
    'vm a{match name "x"and user b vcpus 2}',
    'vm a { match name "x" and user b  vcpus 2 }',
  ],
  'is spread out where a line ends in it': [
    'vm a { match name "x"\n vcpus 2 memory 1GB}',
    'vm a {',
    '  match name "x"',
    '  vcpus 2',
    '  memory 1 GB',
    '}',
  ],
  'is spread out where it does not fit': [
    `vm a { match name "${LONG}" and user ${LONG} and arg "x" vcpus 2 memory 1 GB}`,
    'vm a {',
    `  match name "${LONG}"`,
    `      and user ${LONG}`,
    '      and arg "x"',
    '  vcpus 2',
    '  memory 1 GB',
    '}',
  ],
  'may have arms, one sentence in each': [
    'when a{pause b}otherwise when c { pause d }otherwise{}',
    'when a { pause b } otherwise when c { pause d } otherwise {}',
  ],
  'is spread out with all its arms': [
    'when a{pause b}otherwise{pause c}\nwhen a{pause b}\notherwise{pause c}\nwhen a{pause b}otherwise{pause c pause d}',
    'when a { pause b } otherwise { pause c }',
    'when a {',
    '  pause b',
    '} otherwise {',
    '  pause c',
    '}',
    'when a {',
    '  pause b',
    '} otherwise {',
    '  pause c',
    '  pause d',
    '}',
  ],
  'holds no other block, but may stand in one': [
    'when a{when b{pause c}}',
    'when a {',
    '  when b { pause c }',
    '}',
  ],
  'needs nothing in it': ['host{\n}\nwhen a {\n\n}otherwise{\n}', 'host {}', 'when a {} otherwise {}'],
});

layouts('a sentence that is too long', {
  'is broken at the loosest words, then inside what is still too long': [
    `let a = ${LONG} and ${LONG} or ${LONG} and ${LONG} and (${LONG} or ${LONG} or ${LONG}) assuming false`,
    `let a = ${LONG} and ${LONG}`,
    `      or ${LONG}`,
    `        and ${LONG}`,
    `        and (${LONG}`,
    `          or ${LONG}`,
    `          or ${LONG})`,
    '    assuming false',
  ],
  'keeps the brace behind its condition': [
    `when ${LONG} or ${LONG} or ${LONG} { pause b } otherwise when ${LONG} or ${LONG} or ${LONG}{}`,
    `when ${LONG}`,
    `    or ${LONG}`,
    `    or ${LONG} {`,
    '  pause b',
    `} otherwise when ${LONG}`,
    `    or ${LONG}`,
    `    or ${LONG} {}`,
  ],
  'has each item of a list on a line': [
    `group g = ${LONG}, ${LONG}, ${LONG}\nshare cpu among ${LONG} 1, ${LONG} 2, ${LONG} 3 by share`,
    'group g =',
    `    ${LONG},`,
    `    ${LONG},`,
    `    ${LONG}`,
    'share cpu among',
    `      ${LONG} 1,`,
    `      ${LONG} 2,`,
    `      ${LONG} 3`,
    '    by share',
  ],
  'fills its lines with dates': [
    `let a = ${'2026-12-24, '.repeat(8)}2026-12-24..2027-01-01 09:00-12:00`,
    `let a = ${'2026-12-24, '.repeat(6)}2026-12-24,`,
    '    2026-12-24, 2026-12-24..2027-01-01 09:00-12:00',
  ],
  'keeps the bounds of an elastic limit together': [
    `limit ${LONG} to 90% of cpu - forecast(owner.demand over 10s at 95%) between 10% and 80% of cpu and 1GB memory`,
    `limit ${LONG} to 90% of cpu`,
    '      - forecast(owner.demand over 10s at 95%)',
    '      between 10% and 80% of cpu',
    '    and 1 GB memory',
  ],
  'is broken in front of as few other words as possible': [
    `vm v { task "${LONG}${LONG}${LONG}" 4ms every 33ms within 5ms }`,
    'vm v {',
    `  task "${LONG}${LONG}${LONG}" 4ms`,
    '      every 33ms within 5ms',
    '}',
  ],
  'is longer where it cannot be broken': [
    `pause\n"${LONG}${LONG}${LONG}${LONG}"`,
    `pause "${LONG}${LONG}${LONG}${LONG}"`,
  ],
});

layouts('comments', {
  'keep their lines and are indented with what they stand in': [
    '# one\n\n\n   # two\npause a\nwhen b {\n# three\n\n# four\npause c\n# five\n}\n\n# six',
    '# one',
    '',
    '# two',
    'pause a',
    'when b {',
    '  # three',
    '',
    '  # four',
    '  pause c',
    '  # five',
    '}',
    '',
    '# six',
  ],
  'at the ends of adjacent lines begin in one column': [
    'pause a # one\nlimit b to 2 cores# two\n\npause c    # three\npause d\npause ee # four',
    'pause a             # one',
    'limit b to 2 cores  # two',
    '',
    'pause c  # three',
    'pause d',
    'pause ee  # four',
  ],
  'begin in one column only where they fit there': [
    `pause a # ${'x'.repeat(70)}\npause bb # y\npause ${LONG} # z`,
    `pause a   # ${'x'.repeat(70)}`,
    'pause bb  # y',
    `pause ${LONG}  # z`,
  ],
  'begin in one column only within one block': [
    'when a { # one\nlimit b to 2 cores # two\n} # three',
    'when a {  # one',
    '  limit b to 2 cores  # two',
    '}  # three',
  ],
  'do not count where a line is measured': [
    `vm a { match name "x"  vcpus 2 }  # ${'x'.repeat(100)}`,
    `vm a { match name "x"  vcpus 2 }  # ${'x'.repeat(100)}`,
  ],
  'inside a sentence end their lines': [
    'let a = b # one\n# two\nor c and d or # three\ne\nlimit # four\nf to 2 #five\ncores',
    'let a = b  # one',
    '    # two',
    '    or c and d',
    '    or  # three',
    '    e',
    'limit  # four',
    '    f to 2  #five',
    '    cores',
  ],
  'around braces stay where they are': [
    'when a # one\n{ # two\npause b } # three\n# four\notherwise # five\n{ }\nhost { # six\n}',
    'when a  # one',
    '{       # two',
    '  pause b',
    '}  # three',
    '# four',
    'otherwise  # five',
    '{}',
    'host {  # six',
    '}',
  ],
});

describe('the formatter', () => {
  it('lays the example of the language out naturally', () => {
    expect(formatted(EXAMPLE)).to.equal(EXAMPLE_LAID_OUT);
  });

  it('leaves the layouts in docs/formatting.md as they are', () => {
    const text = readFileSync(join(packageRoot(), 'docs', 'formatting.md'), 'utf8');
    const fenced = [...text.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, inner]) => inner ?? '');
    const indented = [...text.matchAll(/(?:^ {6}\S.*\n)+/gm)].map(([block]) => block.replace(/^ {6}/gm, ''));
    expect([fenced.length, indented.length]).to.deep.equal([1, 1]);
    for (const snippet of [...fenced, ...indented]) expect(formatted(snippet)).to.equal(snippet);
  });

  it('leaves a text with syntax errors alone', () => {
    for (const text of [
      'vm a {',
      'pause',
      'limit a to 5sd',
      'pause a; pause b',
      '\0',
      'let a = host . cpu > 1',
    ]) {
      expect(isRefused(text), text).to.equal(true);
    }
  });

  it('asks nothing of names and meanings', () => {
    expect(formatted('pause   nobody limit nobody to 5s')).to.equal('pause nobody\nlimit nobody to 5s\n');
  });

  it('takes another width', () => {
    expect(formatted('let a = bbbbb or ccccc', 16)).to.equal('let a = bbbbb\n    or ccccc\n');
  });
});
