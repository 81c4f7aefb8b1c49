import { expect } from 'chai';
import {
  isRate,
  parseQdiscs,
  shapeLine,
  tapState,
  uploadDevice,
} from '../../../../src/enforce/linux/knobs/tap-shaping.js';

const UPLOAD = uploadDevice('tap0');
const qdisc = (dev: string, kind: string, handle: string, more: object = { root: true }) => ({
  kind,
  handle,
  dev,
  options: {},
  ...more,
});
const bucket = (dev: string, handle: string, rate: number) =>
  qdisc(dev, 'tbf', handle, { root: true, options: { rate, burst: 16384, lat: 1 } });
const ingress = qdisc('tap0', 'ingress', 'ffff:', { parent: 'ffff:fff1' });
const stateOf = (...all: readonly object[]) => tapState(parseQdiscs(JSON.stringify(all)), 'tap0');

describe('tapState', () => {
  it('finds nothing on a device with the default of the kernel', () => {
    expect(stateOf(qdisc('tap0', 'pfifo_fast', '0:'))).to.deep.equal({ download: null, upload: null });
    expect(tapState(parseQdiscs(''), 'tap0')).to.deep.equal({ download: null, upload: null });
  });

  it('knows what is ours by its handle, and by the device that it leads to', () => {
    const ours = [bucket('tap0', '7e3c:', 1000), ingress, bucket(UPLOAD, '7e3c:', 900)];
    expect(stateOf(...ours)).to.deep.equal({ download: 1000, upload: 900 });
  });

  it('takes everything else for somebody else’s', () => {
    const others = [bucket('tap0', '8001:', 1000), ingress];
    expect(stateOf(...others)).to.deep.equal({ download: 'foreign', upload: 'foreign' });
    expect(stateOf(qdisc('tap0', 'htb', '7e3c:')).download).to.equal('foreign');
    const clsact = qdisc('tap0', 'clsact', 'ffff:', { parent: 'ffff:fff1' });
    expect(stateOf(clsact).upload).to.equal('foreign');
  });

  it('sees that a device of ours has lost its limit', () => {
    expect(stateOf(ingress, qdisc(UPLOAD, 'noqueue', '0:')).upload).to.equal(null);
  });
});

describe('shapeLine', () => {
  it('counts in bits, with a burst that takes any packet and a queue that bounds waiting', () => {
    expect(shapeLine('tap0', 1_000_000)).to.equal(
      'qdisc replace dev tap0 root handle 7e3c: tbf rate 8000000bit burst 20000 limit 220000',
    );
    expect(shapeLine('tap0', 10)).to.match(/rate 80bit burst 16384 limit 81920$/);
    expect(shapeLine('tap0', 0)).to.match(/rate 8bit/);
  });
});

describe('uploadDevice', () => {
  it('names a device of its own for each tap device, as long as the kernel takes', () => {
    const names = ['tap0', 'tap1', 'a-name-of-15-ch'].map(uploadDevice);
    expect(new Set(names).size).to.equal(3);
    for (const name of names) expect(name).to.match(/^vmc-[0-9a-f]{10}$/);
  });
});

describe('isRate', () => {
  it('forgives what tc rounds, and nothing else', () => {
    expect(isRate(999_999, 1_000_000)).to.equal(true);
    expect(isRate(990_000, 1_000_000)).to.equal(false);
    expect(isRate(null, 1)).to.equal(false);
    expect(isRate('foreign', 1)).to.equal(false);
  });
});
