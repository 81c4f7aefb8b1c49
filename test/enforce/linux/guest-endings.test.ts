import { expect } from 'chai';
import type { StartedGuest } from '../../../guests/start-guest.js';
import { QmpClient } from '../../../src/qemu/qmp/qmp-client.js';
import { until } from '../../support/guests/until.js';
import { RealHost, requireReservations, stateOf } from './real-host.js';

describe('guests that are to end', () => {
  let real: RealHost;
  let guest: StartedGuest;

  beforeEach(async function () {
    requireReservations(this);
    real = new RealHost();
    guest = await real.guest({ name: 'batch' });
    await real.host.start();
  });

  afterEach(() => real?.close());

  const observed = async () => (await real.observe('batch')).guest;
  const hasEnded = () => stateOf(guest.pid) === undefined || stateOf(guest.pid) === 'Z';

  it('are asked by their power button, and have their whole time again when they were to go on meanwhile', async () => {
    const { key } = (await observed()).guest;
    expect((await observed()).powerDownNs).to.equal(undefined);
    await real.act({ kind: 'power-down', guest: key });
    const asked = (await observed()).powerDownNs ?? 0n;
    await real.act({ kind: 'power-down', guest: key });
    expect((await observed()).powerDownNs).to.equal(asked);
    await real.act({ kind: 'forget-power-down', guest: key });
    expect((await observed()).powerDownNs).to.equal(undefined);
    await real.act({ kind: 'power-down', guest: key });
    expect((await observed()).powerDownNs).to.be.above(Number(asked));
    expect(hasEnded()).to.equal(false);
  });

  it('are counted as asked where their monitor is not to be had, and it is said why', async () => {
    const occupant = await QmpClient.connect(guest.qmpPath ?? '');
    const { key } = (await observed()).guest;
    const outcome = await real.host.act({ kind: 'power-down', guest: key });
    occupant.close();
    expect(outcome).to.include({ ok: false, code: 'EIO' });
    expect((await observed()).powerDownNs).to.be.a('bigint');
  });

  it('end in order by SIGTERM, and nothing of them is on record', async () => {
    const { key } = (await observed()).guest;
    await real.act({ kind: 'end-guest', guest: key });
    await until(hasEnded, 5000);
    expect((await real.host.observe()).guests).to.deep.equal([]);
  });

  it('are killed five seconds later when they take no notice', async () => {
    const { key } = (await observed()).guest;
    process.kill(guest.pid, 'SIGSTOP'); // SIGTERM waits as long as that lasts
    await until(() => stateOf(guest.pid) === 'T');
    await real.act({ kind: 'end-guest', guest: key });
    await real.act({ kind: 'end-guest', guest: key });
    expect(hasEnded()).to.equal(false);
    await until(async () => {
      if (!hasEnded()) await real.act({ kind: 'end-guest', guest: key }).catch(() => {});
      return hasEnded();
    });
  });
});
