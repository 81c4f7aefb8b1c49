import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { guardianScript } from '../../../src/enforce/linux/guardian-script.js';
import { requireTestHost } from '../../support/test-host/require-test-host.js';
import { bootTestHost, type TestHost } from '../../support/test-host/test-host.js';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface Group {
  readonly path: readonly string[];
  readonly weight: number | null;
  readonly quota: { readonly quotaNs: number; readonly periodNs: number } | null;
}
interface Task {
  readonly group: string;
  readonly cores: string;
  readonly policy: number;
}
interface MachineState {
  readonly controllers: string;
  readonly groups: readonly string[];
  readonly tasks: readonly Task[];
  readonly deadlineTotal: number;
}
interface Held {
  readonly rate: number;
  readonly cores: readonly number[];
  readonly readBack: number;
}

const NORMAL = 0;
const DEADLINE = 6;
/** A fifth of a core in SCHED_DEADLINE's own unit. */
const FIFTH = Math.floor(0.2 * 2 ** 20);

describe('the cgroup v2 backend on a real kernel', function () {
  this.timeout(180_000);
  let host: TestHost;

  before(async function () {
    requireTestHost(this);
    host = await bootTestHost({
      files: {
        'package.json': '{ "type": "module" }\n',
        ...Object.fromEntries(
          readdirSync(dirname(guardianScript())).map((name) => [
            `src/enforce/guardian/${name}`,
            { from: join(dirname(guardianScript()), name) },
          ]),
        ),
      },
      programs: {
        'backend.mjs': pathOf('./v2-programs/backend.ts'),
        'daemon.mjs': pathOf('./v2-programs/daemon.ts'),
        'elevated.mjs': pathOf('./v2-programs/elevated.ts'),
        'freezing.mjs': pathOf('./v2-programs/freezing.ts'),
        'dist/timing-worker.cjs': pathOf('../../../src/enforce/linux/timing-worker.ts'),
      },
    });
  });
  after(() => host?.stop());

  const find = <Findings>(scenario: string): Promise<Findings> => run(['backend.mjs', scenario]);

  async function run<Findings>([program, ...parameters]: readonly string[]): Promise<Findings> {
    const command = ['node', `/project/${program}`, ...parameters];
    const { stdout, stderr, exitCode } = await host.run(command, { timeoutMs: 170_000 });
    expect(exitCode, stderr).to.equal(0);
    return JSON.parse(stdout);
  }

  it('makes its slice again when a guest comes after the last one has gone', async () => {
    expect(await find('emptied')).to.deep.equal({
      filled: ['', 'class'],
      emptied: [],
      again: ['', 'class'],
    });
  });

  it('weighs all guests together by the slice that a delegated scope is in, and leaves both as they were', async () => {
    expect(await find('delegated')).to.deep.equal({
      empty: [],
      filled: [
        [
          ['', 900],
          ['class', 100],
        ],
        '900',
        '100',
      ],
      emptied: [],
      messages: [],
      after: [true, '100'],
    });
  });

  it('knows where a guest came from that a late move took along after the guardian had put it back', async () => {
    expect(await find('overtaken')).to.deep.equal({
      putBack: '/owner/login',
      again: '/vmc.slice/vmc-class',
      after: '/owner/login',
    });
  });

  it('divides a core between two guests by their weights, 3 : 1 within 10%', async () => {
    const { rates, observed } = await find<{ rates: [number, number]; observed: Group[] }>('weights');
    expect(rates[0] / rates[1]).to.be.closeTo(3, 0.3);
    expect(rates[0] + rates[1], 'of one core').to.be.closeTo(1, 0.1);
    expect(observed.map(({ path, weight }) => [path.join('/'), weight])).to.have.deep.members([
      ['', 100],
      ['pair', 100],
      ['pair/0', 300],
      ['pair/1', 100],
    ]);
  });

  it('lets a guest that yields run on what the other leaves, and takes that back', async () => {
    type Found = { readonly ratio: number; readonly observed: Group[] };
    const { yielding, sharing } = await find<{ yielding: Found; sharing: Found }>('idle');
    const weightOf = ({ observed }: Found) => observed.find(({ path }) => path.join('/') === '1')?.weight;
    expect(yielding.ratio).to.be.below(0.05);
    expect(weightOf(yielding)).to.equal(0);
    expect(sharing.ratio).to.be.closeTo(1, 0.1);
    expect(weightOf(sharing)).to.equal(100);
  });

  it('keeps a guest within its quota, within 5%, and lifts it again', async () => {
    const found = await find<{ capped: number; observed: Group[]; lifted: Group[] }>('quota');
    expect(found.capped).to.be.closeTo(0.3, 0.015);
    expect(found.observed[1]?.quota).to.deep.equal({ quotaNs: 30_000_000, periodNs: 100_000_000 });
    expect(found.lifted[1]?.quota).to.equal(null);
  });

  it('limits and protects the memory of a gathered guest, and switches that off again', async () => {
    const found = await find<Record<string, unknown> & { during: string; before: string }>('memory');
    expect(found['outside']).to.deep.equal([false, false, null]);
    expect(found['entered']).to.equal(true);
    expect(found['bounds']).to.deep.include({ ceilingBytes: 2 ** 28, floorBytes: 2 ** 26 });
    expect((found['bounds'] as { usedBytes: number }).usedBytes).to.be.within(0, 2 ** 28);
    expect(found['minimums']).to.deep.equal(Array(3).fill(`${2 ** 26}`));
    expect(found['hard']).to.equal(`${300 * 2 ** 20}`);
    expect(found.during.split(' ')).to.include('memory');
    expect(found['left']).to.deep.include({ ceilingBytes: null, floorBytes: 0 });
    expect(found['minimumsLeft']).to.deep.equal(['0', '0']);
    expect(found.before.split(' ')).not.to.include('memory');
    expect(found['after']).to.equal(found.before);
  });

  it('holds a reservation on its core within 2% beside hogs, from core to core and charged once', async () => {
    const found = await find<{ first: Held; second: Held } & Record<string, unknown>>('confinement');
    expect(found['admitted']).to.equal('ok');
    expect(found.first.rate).to.be.closeTo(0.2, 0.004);
    expect(found.first).to.deep.include({ cores: [1], readBack: 1 });
    expect(found.second.rate).to.be.closeTo(0.2, 0.004);
    expect(found.second).to.deep.include({ cores: [0], readBack: 0 });
    expect(found['total']).to.equal(FIFTH);
    expect(found['others'], 'its other vCPU').to.deep.equal([null]);
    expect(found['mainLoop']).to.equal('ok');
    expect(found['groupWithMainLoopConfined']).to.deep.equal(['guest']);
  });

  it('gives back groups, cores, controllers, pinning and bandwidth, its own and those it passed by', async () => {
    const found = await find<Record<'before' | 'governed' | 'after', MachineState> & { pending: unknown }>(
      'givingBack',
    );
    const [guest, vcpu, pinned, foreign] = found.governed.tasks;
    expect(guest).to.include({ group: '/vmc.slice/vmc-pair/vmc-one', cores: '0-1' });
    expect(vcpu).to.include({ group: `${guest?.group}/core1`, cores: '1', policy: DEADLINE });
    expect(pinned, "its owner's pinning holds in our group").to.include({
      group: '/vmc.slice/vmc-pair/vmc-two',
      cores: '1',
      policy: NORMAL,
    });
    expect(foreign, 'never ours').to.deep.equal(found.before.tasks[3]);
    expect(found.governed.deadlineTotal).to.equal(FIFTH);
    expect(found.after).to.deep.equal(found.before);
    expect(found.pending).to.deep.equal([]);
  });

  it('leaves a journal by which the guardian alone gives everything back', async () => {
    const found = await find<Record<string, unknown>>('givingBackByTheJournal');
    expect(found['messages']).to.deep.equal([]);
    expect(found['complete']).to.equal(true);
    expect(found['after']).to.deep.equal(found['before']);
    expect(found['journalLeft']).to.equal(false);
  });

  for (const scenario of ['killedDaemon', 'stoppedDaemon']) {
    const end = scenario === 'killedDaemon' ? 'killed' : 'asked to stop';
    it(`finds, gathers and reserves as a daemon, and leaves nothing when it is ${end}`, async () => {
      const found = await find<
        Record<'before' | 'governed' | 'after', MachineState> & { found: Record<string, unknown> }
      >(scenario);
      expect(found.found).to.deep.equal({
        vcpuSource: 'qmp',
        vcpuCount: 1,
        group: 'class',
        server: { budgetMs: 20, core: 1 },
        groups: [
          { depth: 0, weight: 100, quotaMs: null },
          { depth: 1, weight: 100, quotaMs: null },
          { depth: 2, weight: 300, quotaMs: 60 },
        ],
      });
      expect(found.governed.tasks[1]).to.include({ cores: '1', policy: DEADLINE });
      expect(found.after).to.deep.equal(found.before);
    });
  }

  it('does nothing the second time, in the kernel as in the journal', async () => {
    const found = await find<Record<string, unknown>>('idempotence');
    expect(found['after']).to.deep.equal(found['before']);
    expect(found['twice']).to.equal(found['once']);
    expect(found['onDisk']).to.equal(found['once']);
    expect(found['removedTwice']).to.deep.equal(['ok', 'ok']);
  });

  it('takes confined threads along to another group, and still knows where the guest came from', async () => {
    expect(await find('regathering')).to.deep.equal({
      regathered: { group: ['night'], core: null },
      removed: 'ok',
      group: '/owner/login',
      vcpuGroup: '/owner/login',
    });
  });

  it('puts a guest into the nearest group that takes it where its own has gone', async () => {
    expect(await find('vanishedOrigin')).to.deep.equal({ above: '/owner', top: '/' });
  });

  it('passes refusals on with their errno, and keeps no record of what was not done', async () => {
    expect(await find('refusals')).to.deep.equal({
      outcomes: {
        gatherEnded: 'ESRCH',
        gatherReused: 'ESRCH',
        gatherNowhere: 'ENOENT',
        confineOutside: 'EINVAL',
        tinyQuota: 'EINVAL',
        weightTooLarge: 'ERANGE',
        removeUsed: 'EBUSY',
        noSuchCore: 'ERANGE',
      },
      group: '/vmc.slice/vmc-guest',
      recordsLeft: 0,
    });
  });

  it('freezes a guest alone, in whatever group it is, and leaves it to the guardian to thaw it', async () => {
    expect(await run(['freezing.mjs'])).to.deep.equal({
      among: 'vmc.slice/vmc-/vmc-KEY',
      othersRun: true,
      gathered: 'vmc.slice/vmc-class/vmc-KEY',
      groups: ['vmc-', 'vmc-class'],
      byItsUser: true,
      inPlace: 'manager/scope',
      nobodyElses: true,
      messages: [],
      complete: true,
      frozenAfter: [],
      home: ['/owner/login', '/manager/scope'],
      groupsAfter: ['manager', 'owner'],
    });
  });

  it('runs a guest before hogs in its times where these stand for a reservation, and leaves it to the guardian to end that', async () => {
    const found = await run<Record<string, unknown> & { rate: number; ordinary: number }>(['elevated.mjs']);
    expect(found['realtimePriority']).to.equal(98);
    expect(found.ordinary).to.be.below(0.5);
    expect(found.rate).to.be.closeTo(0.6, 0.06);
    expect(found).to.deep.include({
      group: '/vmc.slice/vmc-class',
      during: { vcpu: [1, 1], main: [1, 1], others: [] },
      settings: [{ knob: 'priority', priority: 1 }],
      scheduling: 'deadline',
      after: { vcpu: [0, 0], main: [0, 0], others: [] },
      journalLeft: false,
    });
  });

  it('leaves a controller on that somebody else came to use', async () => {
    const found = await find('sharedController');
    expect(found).to.deep.equal({ during: 'cpuset cpu', after: 'cpuset', theirs: '1' });
  });
});
