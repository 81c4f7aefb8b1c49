import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { ProbeGuest } from '../../bench/probe-guest.js';
import { ProbeProcess } from '../../bench/probe-process.js';
import { DaemonProcess } from '../../demo/daemon-process.js';
import { connect } from '../../src/api/client.js';
import { RunningTimeSchema } from '../../src/api/running-time-schema.js';
import { requireReservations } from '../enforce/linux/real-host.js';
import { until } from '../support/guests/until.js';

const POLICY = `
vm probed { match name "vmc-probed" and user "*" vcpus 1 }
run probed 60ms every 100ms
`;
const WORK_NS = 200e6;

/** The interval at this level is as wide as a machine that does other work may need. */
const LEVEL = '99.9%';

describe('work that is asked about, done and told of, on this machine', function () {
  this.timeout(120_000);
  let directory = '';
  let daemon: DaemonProcess;

  const start = async () => {
    daemon = new DaemonProcess(connect({ socket: join(directory, 'vmcd.sock') }), join(directory, 'state'));
    await daemon.start(join(directory, 'policy.vmc'));
    await until(async () => (await daemon.client.series()).some(({ signal }) => signal === 'owner.threads'));
  };

  before(async function () {
    requireReservations(this);
    directory = mkdtempSync(join(tmpdir(), 'vmc-probes-'));
    writeFileSync(join(directory, 'policy.vmc'), POLICY);
    process.env['VMC_RUNTIME_DIR'] = directory;
    await start();
  });

  after(async () => {
    await daemon?.stop();
    delete process.env['VMC_RUNTIME_DIR'];
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  it('is done by a process of the owner’s', async () => {
    const probe = new ProbeProcess();
    await probe.start();
    try {
      const answer = await daemon.client.runningTime(`${WORK_NS}ns`, { level: LEVEL });
      expect([...Value.Errors(RunningTimeSchema, answer)]).to.deep.equal([]);
      expect(answer.basis.kind).to.equal('fair share');
      expect(answer.upperNs).to.be.above(WORK_NS);
      const tookNs = await probe.run(WORK_NS);
      // Node's own threads may work beside the one that computes, but nobody has more time than passes.
      expect(tookNs).to.be.at.least(WORK_NS / availableParallelism());
      const told = await daemon.client.runningTimeOutcome(answer.id!, `${Math.round(tookNs)}ns`);
      expect(told.tookOfExpected).to.be.closeTo(tookNs / answer.expectedNs!, 1e-6);
      expect(told.inside).to.equal(tookNs >= answer.lowerNs! && tookNs <= answer.upperNs!);
    } finally {
      probe.stop();
    }
  });

  it('is done by a guest in the windows of its duty cycle', async () => {
    const guest = await ProbeGuest.start('vmc-probed', daemon.client);
    try {
      const answer = await daemon.client.runningTime(`${WORK_NS}ns`, { class: 'probed', level: LEVEL });
      expect(answer.basis.kind).to.equal('duty cycle');
      expect(answer.basis.aloneCores).to.be.within(0.5, 0.75);
      const tookNs = await guest.run(WORK_NS);
      expect(tookNs).to.be.above(0);
      const told = await daemon.client.runningTimeOutcome(answer.id!, `${Math.round(tookNs)}ns`);
      expect(told.tookOfExpected).to.be.above(0);
    } finally {
      await guest.stop();
    }
  });

  it('is remembered by the next daemon', async () => {
    await daemon.stop();
    await start();
    const { basis } = await daemon.client.runningTime('1s');
    expect(basis.coverage).to.be.oneOf([0, 0.5, 1]);
  });
});
