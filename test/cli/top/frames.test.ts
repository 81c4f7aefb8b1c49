import { expect } from 'chai';
import { colorsFor } from '../../../src/cli/colors.js';
import { bar, glyphsFor, sparkline } from '../../../src/cli/top/glyphs.js';
import { keysIn } from '../../../src/cli/top/keys.js';
import { inColumns, renderLine, span, widthOf } from '../../../src/cli/top/line.js';
import { renderTop } from '../../../src/cli/top/render-top.js';
import { Screen } from '../../../src/cli/top/screen.js';
import { EMPTY_STATE, pressed, type TopState } from '../../../src/cli/top/top-state.js';
import { BUSY } from './busy-state.js';

const UNICODE = glyphsFor({ LANG: 'C.UTF-8', TERM: 'xterm' });
const ASCII = glyphsFor({ LANG: 'C', TERM: 'xterm' });
const plain = colorsFor('never', { write() {} }, {});
const painted = colorsFor('always', { write() {} }, {});

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are.
const withoutColors = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, '');

const manyGuests = (count: number): TopState => {
  const [first] = BUSY.status?.guests ?? [];
  const guests = Array.from({ length: count }, (_, at) => ({ ...first!, key: `${at}-1`, name: `vm-${at}` }));
  return { ...BUSY, status: { ...BUSY.status!, guests } };
};

describe('vmc top', () => {
  it('fills every terminal to the last row, and no line is too long', () => {
    const states = [
      BUSY,
      EMPTY_STATE,
      { ...BUSY, help: true },
      manyGuests(300),
      { ...BUSY, forecast: null, history: [] },
    ];
    for (const state of states) {
      for (let columns = 1; columns <= 200; columns += 23) {
        for (let rows = 1; rows <= 70; rows += 9) {
          const { lines } = renderTop(state, { columns, rows, colors: painted, glyphs: UNICODE });
          const wide = lines.find((line) => widthOf(withoutColors(line)) > columns);
          expect([lines.length, wide], `${columns}x${rows}`).to.deep.equal([rows, undefined]);
        }
      }
    }
  });

  it('shows the same with and without colours', () => {
    const frame = (colors: typeof plain) =>
      renderTop(BUSY, { columns: 100, rows: 30, colors, glyphs: UNICODE }).lines.map(withoutColors);
    expect(frame(painted)).to.deep.equal(frame(plain));
  });

  it('sends a terminal nothing of what names and messages would have it do', () => {
    const { lines } = renderTop(BUSY, { columns: 120, rows: 40, colors: plain, glyphs: UNICODE });
    expect(lines.join('')).to.not.match(/\p{Cc}/u);
    expect(lines.join('')).to.contain('evil\uFFFD[2Jname');
  });

  it('is nothing but ASCII on a terminal without UTF-8', () => {
    const state: TopState = { ...BUSY, status: { ...BUSY.status!, guests: BUSY.status!.guests.slice(0, 5) } };
    const { lines } = renderTop(state, { columns: 80, rows: 24, colors: plain, glyphs: ASCII });
    const own = lines.filter((line) => !line.includes('→') && !/≥|≤/.test(line));
    expect(own.length).to.be.above(15);
    for (const line of own) expect(line).to.match(/^[\x20-\x7e]*$/);
  });

  it('scrolls through all guests, and no further', () => {
    const look = { columns: 80, rows: 24, colors: plain, glyphs: UNICODE };
    let state = manyGuests(50);
    const seen = new Set<string>();
    for (let press = 0; press < 60; press++) {
      const frame = renderTop(state, look);
      for (const line of frame.lines) for (const [name] of line.matchAll(/vm-\d+/g)) seen.add(name);
      state = pressed(state, 'down', frame);
    }
    expect(seen.size).to.equal(50);
    const frame = renderTop(state, look);
    expect(state.scroll).to.equal(frame.rows - frame.page);
    expect(pressed(state, 'home', frame).scroll).to.equal(0);
    expect(pressed(pressed(state, 'home', frame), 'end', frame).scroll).to.equal(state.scroll);
    expect(pressed(state, 'page-up', frame).scroll).to.equal(state.scroll - frame.page);
  });

  it('has orders that come round, and help that any key puts away', () => {
    const room = { page: 10, rows: 10 };
    const orders = [1, 2, 3, 4].reduce<TopState[]>(
      (all) => [...all, pressed(all.at(-1) ?? BUSY, 'sort', room)],
      [],
    );
    expect(orders.map(({ order }) => order)).to.deep.equal(['worst', 'cpu', 'name', 'policy']);
    const helped = pressed(BUSY, 'help', room);
    expect([
      helped.help,
      pressed(helped, 'sort', room).help,
      pressed(helped, 'sort', room).order,
    ]).to.deep.equal([true, false, 'policy']);
  });

  it('understands keys, several at once, and not what it does not know', () => {
    expect(keysIn('s\u001b[A\u001b[6~?q')).to.deep.equal(['sort', 'up', 'page-down', 'help', 'quit']);
    expect(keysIn('\u0003')).to.deep.equal(['quit']);
    expect(keysIn('\u001bOB\u001b[1~x\u001b[99zö')).to.deep.equal(['down', 'home']);
    expect(keysIn('\u001b[200~q')).to.deep.equal(['quit']);
  });
});

describe('a line of vmc top', () => {
  it('has the width that it has on the terminal', () => {
    expect(['abc', 'é', 'e\u0301', '仮想', '█▏', ''].map(widthOf)).to.deep.equal([3, 1, 1, 4, 2, 0]);
    expect(inColumns('仮想マシン', 6)).to.equal('仮想… ');
    expect(inColumns('abc', 5, { right: true })).to.equal('  abc');
    expect(inColumns('abcdef', 4)).to.equal('abc…');
  });

  it('is cut with its colours closed', () => {
    const line = [span('abcdef', painted.red), span('ghi')];
    expect(renderLine(line, 4, '…')).to.equal('\u001b[31mabc\u001b[39m…');
    expect(renderLine(line, 9, '…')).to.equal('\u001b[31mabcdef\u001b[39mghi');
  });

  it('has bars and sparklines to scale', () => {
    const whole = (part: number) => {
      const { filled, rest } = bar(part, 4, UNICODE);
      return filled + rest;
    };
    expect([0, 0.5, 0.53125, 1, 1.01, 2, -1].map(whole)).to.deep.equal([
      '····',
      '██··',
      '██▏·',
      '████',
      '████',
      '███▸',
      '····',
    ]);
    expect(sparkline([0, 50, 100, 400, null, -5], 100, UNICODE)).to.equal('▁▅██·▁');
    expect(bar(0.5, 4, ASCII)).to.deep.equal({ filled: '##', rest: '..' });
  });
});

describe('the screen of vmc top', () => {
  let written: string[];
  let screen: Screen;
  beforeEach(() => {
    written = [];
    screen = new Screen((text) => written.push(text));
  });

  it('writes a frame at once, and then only what differs', () => {
    screen.enter();
    screen.draw(['one', 'two', 'three']);
    expect(written).to.have.length(2);
    screen.draw(['one', 'TWO', 'three']);
    expect(written).to.have.length(3);
    expect(written[2]).to.contain('\u001b[2;1HTWO').and.not.contain('one');
    screen.draw(['one', 'TWO', 'three']);
    expect(written).to.have.length(3);
  });

  it('writes everything anew when it is told to forget, or has another height', () => {
    screen.enter();
    screen.draw(['one', 'two']);
    screen.forget();
    screen.draw(['one', 'two']);
    screen.draw(['one', 'two', 'three']);
    for (const frame of written.slice(1)) expect(frame).to.contain('\u001b[2J').and.contain('one');
  });

  it('gives the terminal back once, and draws no more', () => {
    screen.enter();
    screen.leave();
    screen.leave();
    screen.draw(['one']);
    expect(written).to.have.length(2);
    expect(written[1]).to.match(/\?25h.*\?1049l$/);
  });
});
