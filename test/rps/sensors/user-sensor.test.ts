import { appendFileSync, utimesSync } from 'node:fs';
import { expect } from 'chai';
import { UserSensor } from '../../../src/rps/sensors/user-sensor.js';
import { FakeProc } from '../support/fake-proc.js';
import { sampler } from '../support/sampler.js';

/** Of the test's wall clock, when its monotonic clock is 0. */
const WALL_MS = Date.UTC(2026, 10, 23, 10);

describe('UserSensor', () => {
  let files: FakeProc;
  let sensor: UserSensor;
  let wallStepMs: number;
  beforeEach(() => {
    files = new FakeProc();
    sensor = new UserSensor(files.root, files.root);
    wallStepMs = 0;
  });
  afterEach(() => {
    sensor.close();
    files.dispose();
  });

  let atNs = 10_000_000_000n;
  const take = sampler((nowNs, report) => {
    atNs = nowNs;
    sensor.sample(nowNs, WALL_MS + Number(nowNs) / 1e6 + wallStepMs, report);
  });
  /** Samples once a second for so long; what the last one reported. */
  function watch(seconds: number): Record<string, number> {
    let last: Record<string, number> = {};
    for (let i = 0; i < seconds; i++) last = take();
    return last;
  }
  /** Something was read from a terminal, at a place of the monotonic clock. */
  function typed(path: string, ns: bigint): void {
    const seconds = (WALL_MS + Number(ns) / 1e6 + wallStepMs) / 1000;
    files.write(path, '');
    utimesSync(`${files.root}/${path}`, seconds, seconds);
  }
  function keyboard(handlers: string): void {
    files.write('bus/input/devices', `I: Bus=0011\nN: Name="AT keyboard"\nH: Handlers=${handlers} \n\n`);
  }

  it('takes the time since the last read from a terminal, as w does', () => {
    typed('pts/0', atNs - 40_000_000_000n);
    typed('tty1', atNs - 500_000_000_000n);
    const { 'user.idle': idle, 'user.active': active } = watch(1);
    expect(idle).to.be.closeTo(41, 0.01);
    expect(active).to.equal(1);
    expect(watch(25)).to.include({ 'user.active': 0 });
    typed('pts/0', atNs);
    const later = watch(5);
    expect(later['user.idle']).to.be.within(0, 6);
    expect(later['user.active']).to.equal(1);
  });

  it('is not deceived by a wall clock that steps', () => {
    typed('pts/0', atNs - 100_000_000_000n);
    watch(1);
    wallStepMs = 7_200_000;
    expect(watch(20)['user.idle']).to.be.closeTo(121, 0.01);
    wallStepMs = -7_200_000;
    expect(watch(20)['user.idle']).to.be.closeTo(141, 0.01);
    // Typed after the last look, whenever the clock says.
    typed('pts/0', atNs);
    wallStepMs = 7_200_000;
    expect(watch(5)['user.idle']).to.be.within(0, 6);
  });

  it('sees keys at once, whatever they are, and not the power button’s silence', () => {
    keyboard('sysrq kbd event3 leds');
    files.write('input/event3', '');
    sensor.refresh();
    expect(watch(61)).to.deep.equal({ 'user.idle': 60, 'user.active': 0 });
    appendFileSync(`${files.root}/input/event3`, Buffer.alloc(72, 1));
    expect(watch(1)).to.deep.equal({ 'user.idle': 0, 'user.active': 1 });
    expect(watch(59)).to.deep.equal({ 'user.idle': 59, 'user.active': 1 });
    expect(watch(1)).to.deep.equal({ 'user.idle': 60, 'user.active': 0 });
  });

  it('says nothing before it has watched for a minute: nobody knows when the last input was', () => {
    expect(watch(60)).to.deep.equal({});
    expect(watch(1)).to.deep.equal({ 'user.idle': 60, 'user.active': 0 });
  });

  it('knows of no idle user where a keyboard may not be looked at, but of an active one', () => {
    keyboard('kbd event9');
    sensor.refresh();
    expect(watch(100)).to.deep.equal({});
    typed('pts/2', atNs);
    expect(watch(30)).to.include({ 'user.active': 1 });
    expect(watch(60)).to.deep.equal({});
  });

  it('goes on with what is left when a keyboard or a terminal goes', () => {
    keyboard('kbd event3 mouse0');
    files.write('input/event3', '');
    typed('pts/0', atNs);
    sensor.refresh();
    watch(1);
    files.remove('pts');
    files.write('bus/input/devices', '');
    sensor.refresh();
    expect(watch(70)).to.deep.equal({ 'user.idle': 71, 'user.active': 0 });
  });
});
