import { expect } from 'chai';
import { CLASSES, compileText, HOST, planOf } from './support.js';

const TWO_CORES = { ...HOST, cores: 2 };

/** Applies a diagnostic's fix to the text. */
function fixed(
  text: string,
  edits: readonly { range: { start: { offset: number }; end: { offset: number } }; text: string }[],
): string {
  return [...edits]
    .sort((a, b) => b.range.start.offset - a.range.start.offset)
    .reduce(
      (result, edit) =>
        result.slice(0, edit.range.start.offset) + edit.text + result.slice(edit.range.end.offset),
      text,
    );
}

describe('reservations that do not fit', () => {
  const TEXT = `${CLASSES}
reserve video 10ms every 100ms
reserve batch 10ms every 100ms
reserve build 5ms every 40ms
keep 1 core for owner
`;
  const refusal = () => {
    const { plan, diagnostics } = compileText(TEXT, TWO_CORES);
    expect(plan).to.equal(null);
    const [found] = diagnostics;
    if (!found || diagnostics.length !== 1) throw new Error(`${diagnostics.length} diagnostics`);
    return found;
  };

  it('are refused with the arithmetic and every sentence of a set that cannot hold together', () => {
    const { code, message } = refusal();
    expect(code).to.equal('VMC4001');
    expect(message).to.match(/build takes 4 × 0\.1255 for vCPUs \+ 1 × 0\.052 for main loops = 0\.554/);
    expect(message).to.include('timing thread takes 0.12').and.include('1 kept for the owner');
  });

  it('name a set from which no sentence can be left out', () => {
    const { range, related } = refusal();
    const places = [range, ...related.map((one) => one.range)];
    const lines = TEXT.split('\n');
    const inSet = places.map(({ start }) => lines[start.line - 1] ?? '');
    const without = (line: string) =>
      compileText(CLASSES + inSet.filter((one) => one !== line).join('\n'), TWO_CORES);
    expect(compileText(CLASSES + inSet.join('\n'), TWO_CORES).plan).to.equal(null);
    for (const line of inSet) expect(without(line).plan).not.to.equal(null);
  });

  it('come with the smallest change that admits them, as a fix that does', () => {
    const text = `${CLASSES}\nreserve video 80ms every 100ms\nreserve batch 30ms every 100ms\n`;
    const { diagnostics } = compileText(text, TWO_CORES);
    const fix = diagnostics[0]?.fix;
    if (!fix) throw new Error('no fix');
    const repaired = fixed(text, fix.edits);
    expect(compileText(repaired, TWO_CORES).plan).not.to.equal(null);
    const more = repaired.replace(
      /reserve video ([\d.]+)ms/,
      (_, ms) => `reserve video ${Number(ms) + 0.001}ms`,
    );
    expect(compileText(more, TWO_CORES).plan).to.equal(null);
  });

  it('are admitted when they just fit on every core, and refused one microsecond later', () => {
    const admits = (budgetUs: number) =>
      compileText(
        `vm a { match name "a" and user "u" vcpus 1 overhead 20us every 1s }\nreserve a ${budgetUs}us every 100ms`,
        {
          ...HOST,
          cores: 1,
        },
      ).plan !== null;
    const most = (0.95 - 0.12) * 100_000 - 4 - 20;
    expect([admits(most), admits(most + 1)]).to.deep.equal([true, false]);
  });

  it('may be refused although their sum fits, because no thread can be on two cores', () => {
    const text = `group three up to 3 vms { match user "u" vcpus 1 overhead 20us every 1s }\nreserve three 55ms every 100ms`;
    const { diagnostics } = compileText(text, TWO_CORES);
    expect(diagnostics[0]?.message).to.include('cannot be placed');
  });

  it('do not hinder modes in which they do not hold', () => {
    const plan = planOf(
      `${CLASSES}switch a\nwhen a { reserve video 80ms every 100ms } otherwise { reserve batch 30ms every 100ms }`,
      TWO_CORES,
    );
    expect(plan.schedules).to.have.length(2);
  });
});

describe('transitions', () => {
  it('are direct where the heavier of each server fits on every core', () => {
    const plan = planOf(`${CLASSES}switch a
      when a { reserve video 10ms every 100ms } otherwise { reserve video 20ms every 100ms }`);
    expect(plan.transitions).to.deep.equal([
      { from: 's1', to: 's2', steps: 'direct' },
      { from: 's2', to: 's1', steps: 'direct' },
    ]);
  });

  it('need two steps where one mode must first make room for the other', () => {
    const plan = planOf(
      `${CLASSES}switch a\nwhen a { reserve video 80ms every 100ms } otherwise { reserve batch 30ms every 100ms }`,
      TWO_CORES,
    );
    expect(plan.transitions.map(({ steps }) => steps)).to.deep.equal(['two-step', 'two-step']);
  });

  it('are not listed between schedules whose servers are the same', () => {
    const plan = planOf(
      `${CLASSES}switch a\nreserve video 10ms every 100ms\nwhen a { limit batch to 1 core }`,
    );
    expect(plan.transitions).to.deep.equal([]);
  });
});
