import { colorsFor } from '../../src/cli/colors.js';
import { glyphsFor } from '../../src/cli/top/glyphs.js';
import { renderTop } from '../../src/cli/top/render-top.js';
import { EMPTY_STATE, type TopState } from '../../src/cli/top/top-state.js';
import { BUSY } from '../cli/top/busy-state.js';
import { expectGolden } from './golden.js';

const UTF8 = { LANG: 'C.UTF-8', TERM: 'xterm-256color' };
const NOW = BUSY.nowMs;

const LOST: TopState = { ...BUSY, lost: { message: 'no daemon listens on /run/x', sinceMs: NOW - 3000 } };

/** State, size, terminal; the last line of a frame stands at the bottom of its terminal. */
const FRAMES: Readonly<Record<string, readonly [TopState, number, number | null, Record<string, string>]>> = {
  'top-80x24': [BUSY, 80, 24, UTF8],
  'top-120x40': [BUSY, 120, 40, UTF8],
  'top-40x10': [BUSY, 40, 10, UTF8],
  'top-ascii': [BUSY, 80, 24, { LANG: 'C', TERM: 'vt100' }],
  'top-once': [BUSY, 100, null, UTF8],
  'top-worst-scrolled': [{ ...BUSY, order: 'worst', scroll: 2 }, 80, 16, UTF8],
  'top-help': [{ ...BUSY, help: true }, 80, 24, UTF8],
  'top-lost': [LOST, 80, 12, UTF8],
  'top-empty': [{ ...EMPTY_STATE, nowMs: NOW }, 40, 10, UTF8],
};

describe('a frame of vmc top', () => {
  let zone: string | undefined;
  before(() => {
    zone = process.env['TZ'];
    process.env['TZ'] = 'UTC';
  });
  after(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  for (const [name, [state, columns, rows, env]] of Object.entries(FRAMES)) {
    it(`is as it was: ${name}`, () => {
      const look = { columns, rows, colors: colorsFor('never', { write() {} }, {}), glyphs: glyphsFor(env) };
      expectGolden(`${name}.txt`, `${renderTop(state, look).lines.join('\n')}\n`);
    });
  }

  it('is as it was, colours included', () => {
    const look = {
      columns: 100,
      rows: 30,
      colors: colorsFor('always', { write() {} }, {}),
      glyphs: glyphsFor(UTF8),
    };
    const text = renderTop(BUSY, look).lines.join('\n');
    expectGolden('top-colors.txt', `${text.replaceAll('\u001b', '\\e')}\n`);
  });
});
