import { expect } from 'chai';
import { applyFix } from '../lang/apply-fix.js';
import { CLASSES, compileText, HOST, planOf } from './support.js';

const TWO_CORES = { ...HOST, cores: 2 };

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
    expect(message).to.include('1 kept for the owner');
  });

  it('count the thread that stops and continues guests, where there are duty cycles', () => {
    const { diagnostics } = compileText(
      `${CLASSES}\nreserve video 42ms every 100ms\nrun others 200ms every 1s`,
      { ...HOST, cores: 1 },
    );
    expect(diagnostics[0]?.message).to.include("vmc's timing thread takes 0.12");
  });

  it('say how much of it may be on few cores only, where these are what is wanting', () => {
    const { diagnostics } = compileText(
      `${CLASSES}\nplace batch on cores 0\nreserve batch 30ms every 100ms`,
      TWO_CORES,
    );
    expect(diagnostics[0]?.message).to.include('1.4088 of it may be on core 0 only, where there is 0.95');
  });

  it('are explained by themselves where guarantees do not fit either', () => {
    const text = `${CLASSES}
offer 1 vm p { vcpus 2 guarantee 1.5 cores }
reserve batch 95ms every 100ms
guarantee build 1.6 cores`;
    const { diagnostics } = compileText(text, TWO_CORES);
    const [found] = diagnostics;
    expect(found?.code).to.equal('VMC4001');
    expect(found?.message).to.match(/^These sentences cannot hold together: batch takes/);
    expect(found?.range.start.line).to.equal(text.split('\n').indexOf('reserve batch 95ms every 100ms') + 1);
    if (!found?.fix) throw new Error('no fix');
    const mended = applyFix({ file: 'test.vmc', text }, found.fix);
    expect(compileText(mended, TWO_CORES).plan).not.to.equal(null);
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
    const repaired = applyFix({ file: 'test.vmc', text }, fix);
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
    const most = 0.95 * 100_000 - 4 - 20;
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

describe('guarantees that do not fit', () => {
  const of = (text: string, facts = HOST) => {
    const [found] = compileText(text, facts).diagnostics;
    if (!found) throw new Error('it was not refused');
    return found;
  };

  it('name a smallest set, with a change of each number that makes all fit, the smallest loss first', () => {
    const { code, message, hint, related, fix } = of(`${CLASSES}
keep 2 cores for owner
guarantee build 4 cores
guarantee batch 3 cores`);
    expect(code).to.equal('VMC4002');
    expect(message).to.include('7 cores guaranteed').and.include('2 cores kept');
    expect(related).to.have.length(2);
    expect(hint)
      .to.match(/^Any one of these makes them fit: /)
      .and.match(/"keep 0\.\d+ cores for owner"/);
    expect(fix?.title).to.match(/^Write "guarantee build 2\.\d+ cores"$/);
  });

  it('may need a reservation to be smaller', () => {
    const { hint } = of(`${CLASSES}\nreserve video 90ms every 100ms\nguarantee build 4 cores`, {
      ...HOST,
      cores: 5,
    });
    expect(hint).to.include('"reserve video ').and.include('"guarantee build ');
  });

  it('may need a task to take less', () => {
    const { hint, fix } = of(
      `group a up to 3 vms { match user "u" vcpus 1 task t 6ms every 20ms }
      reserve a for its tasks`,
      { ...HOST, cores: 1 },
    );
    expect(hint).to.equal('Any one of these makes them fit: task t 4.736ms every 20ms.');
    expect(fix?.edits.map(({ text }) => text)).to.deep.equal(['4.736ms']);
  });

  it('name several numbers where no single one helps', () => {
    const { hint, fix } = of(
      `${CLASSES}\nguarantee build 3 cores\nguarantee batch 3 cores\nguarantee video 2 cores`,
      { ...HOST, cores: 2 },
    );
    expect(hint).to.match(/^No single number makes them fit; together these do: "guarantee .*" and "/);
    expect(fix?.edits).to.have.length.of.at.least(2);
  });

  it('say what to leave out where no numbers help', () => {
    const { hint, fix } = of(
      `vm a { match name "a" and user "u" vcpus 1 overhead 9ms every 10ms }
      vm b { match name "b" and user "u" vcpus 1 overhead 9ms every 10ms }
      reserve a 1ms every 100ms
      reserve b 1ms every 100ms`,
      { ...HOST, cores: 1 },
    );
    expect(hint).to.equal('No numbers make them fit; what does is to leave out "reserve b 1ms every 100ms".');
    expect(fix?.title).to.equal('Leave out "reserve b 1ms every 100ms"');
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
