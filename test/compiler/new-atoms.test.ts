import { expect } from 'chai';
import { CLASSES, codesOf, compileText, HOST, planOf, scheduleIn, settingOf } from './support.js';

describe('a signal that is pushed', () => {
  const plan = () =>
    planOf(`${CLASSES}
      signal price number
      signal neighbours-need %
      when price > 30 until < 20 { pause batch }
      when forecast(neighbours-need over 30s at 95%) > 70% { limit batch to 1 core }`);

  it('is in the plan with its type', () => {
    expect(plan().signals).to.deep.equal([
      { name: 'price', type: 'number' },
      { name: 'neighbours-need', type: 'percent' },
    ]);
  });

  it('is unknown until it is pushed, and nothing that the host lacks', () => {
    const values = plan().modes.map(({ when }) => when['price > 30 until < 20']);
    expect(new Set(values)).to.deep.equal(new Set([true, false, 'unknown']));
    expect(
      compileText(`${CLASSES}signal price number\nwhen price > 30 { pause batch }`).diagnostics,
    ).to.deep.equal([]);
  });

  it('is no sensor by the same name', () => {
    const { atoms, signals } = planOf(`${CLASSES}
      signal "my price" number
      signal "host.cpu" %
      when "my price" > 3 { pause batch }
      when "host.cpu" > 50% or host.cpu > 50% { pause build }`);
    expect(signals.map(({ name }) => name)).to.deep.equal(['"my price"', '"host.cpu"']);
    expect(atoms.map(({ id }) => id)).to.deep.equal(['"my price" > 3', '"host.cpu" > 50%', 'host.cpu > 50%']);
    const text = `${CLASSES}signal "my price" number\nwhen "my price" > 3 { pause batch }`;
    expect(compileText(text).diagnostics).to.deep.equal([]);
  });

  it('restricts while it is unknown', () => {
    const unknown = scheduleIn(plan(), { 'price > 30 until < 20': 'unknown' });
    expect(settingOf(unknown, 'batch', 'duty')?.runNs).to.equal(0);
  });
});

describe('a process that runs', () => {
  const plan = () =>
    planOf(`${CLASSES}
      when process "blender*" running { pause batch }
      when process "blender*" running or process "x\\"y" running { limit build to 1 core }`);

  it('is an atom, the same wherever it stands', () => {
    expect(plan().atoms).to.deep.equal([
      { id: 'process "blender*" running', kind: 'process', pattern: 'blender*' },
      { id: 'process "x\\"y" running', kind: 'process', pattern: 'x"y' },
    ]);
  });

  it('is never unknown', () => {
    expect(plan().modes.map(({ when }) => Object.values(when))).to.deep.equal([
      [true, true],
      [false, true],
      [false, false],
    ]);
  });
});

describe('a budget', () => {
  const BATCH = 'budget batch 20 core-hours per day then pause';
  const LENT = 'budget each lent 2 core-hours per week';
  const GUESTS = 'budget guests 1 core-hour per month then limit to 1 core';
  const plan = () =>
    planOf(`${CLASSES}
      switch gaming
      ${BATCH}
      ${LENT}
      when gaming { ${GUESTS} }`);

  it('is in the plan with what it counts, over which time, and when', () => {
    const budgets = plan().budgets.map((one) => ({
      ...one,
      because: one.because.map(({ sentence }) => sentence),
    }));
    const columns = ['id', 'class', 'subject', 'scope', 'workNs', 'per', 'then', 'while', 'because'] as const;
    expect(budgets.map((one) => columns.map((column) => one[column]))).to.deep.equal([
      ['batch per day', 'batch', 'class', 'sum', 20 * 3600e9, 'day', 'pause', [], [BATCH]],
      ['each lent per week', 'lent', 'union', 'each', 2 * 3600e9, 'week', null, [], [LENT]],
      [
        ...['guests per month', 'guests', 'guests', 'sum', 3600e9, 'month', 'limit'],
        ...[[{ condition: 'gaming', expected: true }], [GUESTS]],
      ],
    ]);
  });

  it('restricts in the modes in which it is spent, and is known to be or not to be', () => {
    const spent = scheduleIn(plan(), {
      'budget batch per day spent': true,
      'budget guests per month spent': true,
      gaming: true,
    });
    expect(settingOf(spent, 'batch', 'duty')?.runNs).to.equal(0);
    expect(settingOf(spent, 'guests', 'quota')?.ceilingCores).to.equal(1);
    const left = scheduleIn(plan(), {
      'budget batch per day spent': false,
      'budget guests per month spent': true,
      gaming: false,
    });
    expect(left.settings).to.deep.equal([]);
    expect(plan().modes.flatMap(({ when }) => Object.values(when))).not.to.include('unknown');
  });

  it('has a name of its own beside another on the same subject', () => {
    const ids = planOf(`${CLASSES}
      budget batch 1 core-hours per day then pause
      budget batch 20 core-hours per day then limit to 1 core`).budgets.map(({ id }) => id);
    expect(ids).to.deep.equal(['batch per day', 'batch per day (2)']);
  });

  it('may break no promise when it is spent', () => {
    expect(
      codesOf(`${CLASSES}budget video 1 core-hours per day then pause\nreserve video 5ms every 20ms`),
    ).to.include('VMC3004');
  });
});

describe('guests that are ignored', () => {
  it('are in the plan with their place among the classes', () => {
    const { ignored } = planOf(`
      vm video { match name "video" and user "alice" vcpus 2 }
      ignore match name "emulator" and user "alice"
      vm build { match name "build" and user "alice" vcpus 4 }
      ignore match user "root"`);
    expect(ignored).to.deep.equal([
      {
        beforeClass: 1,
        match: [
          { attribute: 'name', pattern: 'emulator' },
          { attribute: 'user', pattern: 'alice' },
        ],
      },
      { beforeClass: 2, match: [{ attribute: 'user', pattern: 'root' }] },
    ]);
  });
});

describe('a policy in several files', () => {
  const files: Record<string, string> = {
    'lib/classes.vmc': 'vm video { match name "video" and user "alice" vcpus 2 }',
    'root.vmc': 'import "lib/classes.vmc"\nreserve video 4ms every 41ms\nreserve video 3ms every 50ms\n',
  };
  const compileRoot = async (contents: Record<string, string>) => {
    const { compile } = await import('../../src/compiler/compile.js');
    const readImport = (file: string) =>
      contents[file] === undefined
        ? ({ kind: 'refused', reason: 'there is no such file' } as const)
        : ({ kind: 'text', text: contents[file] } as const);
    return compile({ file: 'root.vmc', text: contents['root.vmc'] ?? '' }, HOST, { readImport });
  };

  it('is compiled as one, and says of each mistake in which file it is', async () => {
    const { plan, diagnostics, files: read } = await compileRoot(files);
    expect(plan).to.equal(null);
    expect(diagnostics.map(({ code, file }) => [code, file])).to.deep.equal([['VMC3006', 'root.vmc']]);
    expect(read.map(({ file }) => file)).to.deep.equal(['root.vmc', 'lib/classes.vmc']);
  });

  it('has another digest when one of them has another text', async () => {
    const good = { ...files, 'root.vmc': 'import "lib/classes.vmc"\nreserve video 10ms every 41ms\n' };
    const first = await compileRoot(good);
    const second = await compileRoot({ ...good, 'lib/classes.vmc': `${files['lib/classes.vmc']} ` });
    expect(first.plan?.policy.digest).to.match(/^[0-9a-f]{64}$/);
    expect(second.plan?.policy.digest).not.to.equal(first.plan?.policy.digest);
  });
});
