import { expect } from 'chai';
import { compile } from '../../src/compiler/compile.js';
import type { HostFacts } from '../../src/compiler/facts.js';
import { Enforcer } from '../../src/enforce/enforcer.js';
import { pathKey } from '../../src/enforce/group-path.js';
import { runSimulation } from '../../src/enforce/simulated/run-simulation.js';
import { SimulatedHost } from '../../src/enforce/simulated/simulated-host.js';
import { SimulatedSignals } from '../../src/enforce/simulated/simulated-signals.js';
import { FACTS } from './support/plans.js';

const HOST: HostFacts = {
  ...FACTS,
  cores: 2,
  cgroup: { ...FACTS.cgroup, version: 2 },
  mechanisms: ['reservation', 'share', 'quota', 'duty', 'placement'],
};
const TWO_BUSY = ['busy', 'busy'] as const;
const CLASSES = `
vm build { match name "build" vcpus 2 }
vm batch { match name "batch" vcpus 2 }
`;

/** An enforcer of a policy on a simulated host of two cores; processes run as the set says. */
function enforce(sentences: string, facts: HostFacts = HOST) {
  const { plan, diagnostics } = compile({ file: 'test.vmc', text: CLASSES + sentences }, facts);
  if (!plan) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const host = new SimulatedHost({ facts });
  const signals = new SimulatedSignals(host);
  const running = new Set<string>();
  const asked: ReadonlySet<number>[] = [];
  const processes = (pattern: string, besides: ReadonlySet<number>) => {
    asked.push(besides);
    return running.has(pattern);
  };
  const alarm = { start: () => {}, stop: () => {} };
  const enforcer = new Enforcer({ host, plan, signals, processes, alarm, timer: null });
  const run = (seconds: number) => runSimulation(host, enforcer, seconds * 1e9);
  const modeId = () => enforcer.status().mode?.id;
  const quotaOf = async (...path: string[]) => {
    const { groups } = await host.observe();
    const quota = groups.find((group) => pathKey(group.path) === pathKey(path))?.quota;
    return quota ? Number(quota.quotaNs) / Number(quota.periodNs) : null;
  };
  return { host, signals, enforcer, running, asked, run, modeId, quotaOf };
}

describe('what an enforcer does not keep', () => {
  it('is found, with what it comes to, and told as an event: never a silent miss', async () => {
    const { enforcer, run } = enforce(`
      place build on cores 0
      limit batch to 1 GiB memory and 10 MB/s disk and 10 Mbit/s network
      budget each batch 1 core-hour per day then pause
      switch end
      when end { stop batch within 1min }`);
    await enforcer.start();
    await run(2);
    const own = enforcer.status().findings.filter(({ code }) => code === 'not-kept');
    expect(own.map(({ message }) => /asks for (.*), which/.exec(message)?.[1])).to.deep.equal([
      'budgets of single guests (batch)',
    ]);
    const told = enforcer.events.since().filter(({ kind }) => kind === 'finding');
    expect(told.map(({ message }) => message)).to.include.members(own.map(({ message }) => message));
    expect(
      enforcer.status().atoms.find(({ id }) => id === 'budget each batch per day spent')?.value,
    ).to.equal(false);
  });

  it('is nothing where the policy asks for what it keeps', async () => {
    const { enforcer, run } = enforce('limit batch to 1 core\nyield build');
    await enforcer.start();
    await run(2);
    expect(enforcer.status().findings).to.deep.equal([]);
  });
});

describe('what is set on guests one by one', () => {
  it('is in force on each guest that it is for, an amount of all of them divided, and given back', async () => {
    const { host, enforcer, run } = enforce(`
      place build on cores 0
      limit each batch to 1 GiB memory and 10 MB/s disk
      limit guests to 20 Mbit/s network`);
    const build = host.boot({ name: 'build' });
    const batch = host.boot({ name: 'batch' });
    await enforcer.start();
    await run(2);
    expect(host.guest(build).settings).to.have.deep.members([
      { knob: 'placement', cores: [0] },
      { knob: 'network', bytesPerSecond: 1_250_000 },
    ]);
    expect(host.guest(batch).settings).to.have.deep.members([
      { knob: 'memory', ceilingBytes: 2 ** 30, floorBytes: null },
      { knob: 'disk', bytesPerSecond: 10_000_000, iops: null },
      { knob: 'network', bytesPerSecond: 1_250_000 },
    ]);
    const controls = enforcer.status().guests.flatMap((guest) => guest.controls);
    expect(controls.every(({ inForce }) => inForce)).to.equal(true);
    await enforcer.stop();
    expect([build, batch].flatMap((key) => host.guest(key).settings)).to.deep.equal([]);
  });
});

describe('a reservation on a host without a deadline class', () => {
  const facts: HostFacts = { ...HOST, deadlineLimit: 0, realtimePriority: 98 };

  it('is windows at real-time priority, whoever else wants the cores, and all is given back', async () => {
    const { host, enforcer, run } = enforce('reserve build 20ms every 100ms', facts);
    host.setOwner(...Array.from({ length: 6 }, () => 'busy' as const));
    const key = host.boot({ name: 'build', vcpus: TWO_BUSY });
    await enforcer.start();
    await run(2);
    const { settings, vcpus } = host.guest(key);
    expect(settings).to.deep.equal([{ knob: 'priority', priority: 1 }]);
    const before = vcpus.map(({ cpuNs }) => cpuNs);
    await run(10);
    vcpus.forEach(({ cpuNs }, at) => {
      expect((cpuNs - (before[at] ?? 0)) / 10e9).to.be.closeTo(0.2, 0.004);
    });
    expect(enforcer.status().findings).to.deep.equal([]);
    await enforcer.stop();
    expect(host.guest(key).settings).to.deep.equal([]);
    expect(vcpus.map(({ priority }) => priority)).to.deep.equal([0, 0]);
  });

  it('is a finding where the host refuses the priority after all, while the timetable is kept', async () => {
    const { host, enforcer, run } = enforce('reserve build 20ms every 100ms', facts);
    host.boot({ name: 'build', vcpus: TWO_BUSY });
    host.refuse = ({ kind }) =>
      kind === 'set-knob' ? { ok: false, code: 'EPERM', message: 'not here', retry: false } : null;
    await enforcer.start();
    await run(2);
    expect(enforcer.status().findings.map(({ code }) => code)).to.deep.equal(['refused-set-knob']);
    expect((await host.observe()).timetable?.entries).to.have.length(1);
  });
});

describe('what acts on a guest that stays in a domain of libvirt', () => {
  const DOMAIN = 'machine-qemu\\x2d1\\x2dbuild.scope';

  it('is in force once it is set there; what weighs all guests together is not', async () => {
    const { host, enforcer, run } = enforce(`
      keep 25% of cpu for owner
      share cpu among build 3, batch 1
      limit build to 50% of a core`);
    host.boot({ name: 'build', unit: DOMAIN, cgroup: `/machine.slice/${DOMAIN}/libvirt/emulator` });
    const inForce = () =>
      enforcer
        .status()
        .guests.flatMap(({ controls }) => controls)
        .map((one) => [one.setting.subject, one.setting.mechanism, one.inForce]);
    let refuses = true;
    host.refuse = ({ kind }) =>
      kind === 'set-knob' && refuses ? { ok: false, code: 'EIO', message: 'no virsh', retry: true } : null;
    await enforcer.start();
    await run(2);
    expect(inForce()).to.have.deep.members([
      ['guests', 'share', false],
      ['class', 'share', false],
      ['class', 'quota', false],
    ]);
    refuses = false;
    await run(2);
    expect(inForce()).to.have.deep.members([
      ['guests', 'share', false],
      ['class', 'share', true],
      ['class', 'quota', true],
    ]);
  });
});

describe('a setting that a guest has not all the means for', () => {
  it('is found with what happens instead, and takes no part of what is for all of them', async () => {
    const { host, enforcer, run } = enforce(
      'limit guests to 1 GiB memory and 20 MB/s disk and 8 Mbit/s network',
    );
    const [build, batch] = [
      host.boot({ name: 'build' }),
      host.boot({ name: 'batch', lacks: ['disk'], balloon: false }),
    ];
    await enforcer.start();
    await run(2);
    const limited = () =>
      enforcer
        .status()
        .findings.filter(({ code }) => code.startsWith('limited-'))
        .map(({ code, subject }) => [code, subject]);
    expect(limited()).to.have.deep.members([
      ['limited-disk', batch],
      ['limited-memory', batch],
    ]);
    const disk = host.guest(build).settings.find(({ knob }) => knob === 'disk');
    expect(disk).to.deep.equal({ knob: 'disk', bytesPerSecond: 20_000_000, iops: null });
    const memory = host.guest(build).settings.find(({ knob }) => knob === 'memory');
    expect(memory).to.deep.include({ ceilingBytes: 2 ** 29 });
    host.end(batch);
    await run(2);
    expect(limited()).to.deep.equal([]);
  });

  it('is a refusal, tried again every second, where the host refuses it', async () => {
    const { host, enforcer, run } = enforce('limit each batch to 20 MB/s disk');
    const key = host.boot({ name: 'batch' });
    host.refuse = ({ kind }) =>
      kind === 'set-knob' ? { ok: false, code: 'EIO', message: 'its monitor hangs', retry: true } : null;
    await enforcer.start();
    await run(4);
    const [control] = enforcer.status().guests[0]?.controls ?? [];
    expect(control?.inForce).to.equal(false);
    expect(enforcer.status().findings.map(({ code }) => code)).to.deep.equal(['refused-set-knob']);
    host.refuse = null;
    await run(2);
    expect(host.guest(key).settings).to.have.length(1);
    expect(enforcer.status().findings).to.deep.equal([]);
  });
});

describe('a guest that is to stop', () => {
  it('is asked to power down, and ended when it has not in the time that it had', async () => {
    const { host, enforcer, run } = enforce('switch closing\nwhen closing { stop batch within 5s }');
    const key = host.boot({ name: 'batch' });
    await enforcer.start();
    await run(2);
    expect(host.guest(key).powerDownNs).to.equal(null);
    enforcer.setSwitch('closing', true);
    await run(4);
    expect(host.guest(key).powerDownNs).not.to.equal(null);
    enforcer.setSwitch('closing', false);
    await run(2);
    expect(host.guest(key).powerDownNs, 'it may go on').to.equal(null);
    enforcer.setSwitch('closing', true);
    await run(4);
    expect(host.guests, 'it has its whole time again').to.have.length(1);
    await run(3);
    expect(host.guests).to.deep.equal([]);
    const kinds = enforcer.events.since(0).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'guest-asked-to-stop')).to.have.length(2);
    expect(kinds.filter((kind) => kind === 'guest-ended')).to.have.length(1);
  });
});

describe('a pushed signal', () => {
  const POLICY =
    'signal price number\nwhen price > 30 { limit batch to 1 core } otherwise { limit batch to 1.5 cores }';

  it('decides the mode from when it is set until its time is over', async () => {
    const { enforcer, run, modeId } = enforce(POLICY);
    await enforcer.start();
    await run(1.5);
    expect(modeId()).to.equal('(price > 30) unknown');
    enforcer.pushSignal('price', 35, 5_000_000_000n);
    await run(1.5);
    expect(modeId()).to.equal('price > 30');
    enforcer.pushSignal('price', 20, 2_000_000_000n);
    await run(1);
    expect(modeId()).to.equal('not (price > 30)');
    expect(enforcer.pushedSignals()).to.deep.equal([{ name: 'price', value: 20 }]);
    await run(1.1);
    expect(modeId()).to.equal('(price > 30) unknown');
    expect(enforcer.pushedSignals()).to.deep.equal([]);
  });

  it('has the name of one that the policy declares, and a number', () => {
    const { enforcer } = enforce(POLICY);
    expect(() => enforcer.pushSignal('prize', 1)).to.throw(RangeError, /it has: price/);
    expect(() => enforcer.pushSignal('price', Number.NaN)).to.throw(RangeError);
  });

  it('is forecast from what was recorded of it, while it is set', async () => {
    const { enforcer, signals, run, modeId } = enforce(
      'signal price number\nwhen forecast(price over 10s at 95%) > 30 { pause batch }',
    );
    signals.setLimit('price', 50);
    await enforcer.start();
    await run(1.5);
    expect(modeId()).to.match(/unknown$/);
    enforcer.pushSignal('price', 35);
    await run(1.5);
    expect(modeId()).to.equal('forecast(price over 10s at 95%) > 30');
  });
});

describe('a process that runs', () => {
  it('decides the mode, and is no guest of a class', async () => {
    const { host, enforcer, running, asked, run, modeId } = enforce(
      'when process "blender*" running { pause batch }',
    );
    const key = host.boot({ name: 'batch' });
    await enforcer.start();
    await run(1.5);
    expect(modeId()).to.equal('not (process "blender*" running)');
    running.add('blender*');
    await run(1.5);
    expect(modeId()).to.equal('process "blender*" running');
    expect(asked.at(-1)).to.deep.equal(new Set([Number(key.split('-')[0])]));
  });
});

describe('an elastic limit', () => {
  const POLICY = 'limit batch to 2 cores - owner.cpu between 0.5 cores and 1.5 cores';

  it('follows its signal between its ends, and is at the lower one while that is unknown', async () => {
    const { host, signals, enforcer, run, quotaOf } = enforce(POLICY);
    host.boot({ name: 'batch' });
    await enforcer.start();
    await run(2);
    expect(await quotaOf('batch')).to.equal(0.5);
    for (const [percent, cores] of [
      [50, 1],
      [37.7, 1.24],
      [0, 1.5],
      [100, 0.5],
    ] as const) {
      signals.set('owner.cpu', percent);
      await run(2);
      expect(await quotaOf('batch'), `${percent}%`).to.be.closeTo(cores, 1e-6);
    }
  });
});

describe('a guest that yields', () => {
  it('runs on what the others leave, however much it wants', async () => {
    const { host, enforcer, run } = enforce('yield batch\nlimit build to 1.9 cores');
    const [build, batch] = [
      host.boot({ name: 'build', vcpus: TWO_BUSY }),
      host.boot({ name: 'batch', vcpus: TWO_BUSY }),
    ];
    await enforcer.start();
    await run(3);
    const cpuOf = async (key: string) =>
      Number((await host.observe()).guests.find(({ guest }) => guest.key === key)?.cpuNs ?? 0n);
    const before = [await cpuOf(build), await cpuOf(batch)];
    await run(10);
    const after = [await cpuOf(build), await cpuOf(batch)];
    expect(((after[0] ?? 0) - (before[0] ?? 0)) / 10e9).to.be.closeTo(1.9, 0.05);
    expect(((after[1] ?? 0) - (before[1] ?? 0)) / 10e9).to.be.closeTo(0.1, 0.05);
  });
});
