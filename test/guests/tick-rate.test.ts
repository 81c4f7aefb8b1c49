import { expect } from 'chai';
import { type StartedGuest, startGuest } from '../../guests/start-guest.js';
import { tickRate } from '../../guests/tick-rate.js';
import { requireQemu } from '../support/guests/require-qemu.js';
import { until } from '../support/guests/until.js';

const HZ = 500;
const WINDOW_MS = 1000;

describe('tickRate', () => {
  let guest: StartedGuest | undefined;

  before(function () {
    requireQemu(this);
  });

  afterEach(async () => {
    await guest?.stop();
  });

  it('is 500 a second for a timer of 500 Hz in a guest that gets the CPU when it wants it', async () => {
    const ours = await startGuest({ name: 'ticks', image: { timerHz: HZ, idle: true, turnsPerUnit: 1 } });
    guest = ours;
    // On a busy machine not in every second.
    await until(async () => Math.abs((await tickRate(ours, WINDOW_MS)) / HZ - 1) < 0.03);
  });

  it('is refused for a guest without a timer', async () => {
    guest = await startGuest({ name: 'none' });
    const failure = await tickRate(guest, 0).catch((error: Error) => error);
    expect(failure).to.be.instanceOf(RangeError);
  });
});
