import { expect } from 'chai';
import { machine, type PlatformLibrary } from '../../../src/api/doctor/machine.js';

const LIBRARY: PlatformLibrary = {
  cpu: async () => ({ manufacturer: 'Intel', brand: 'Core i5-6200U', cores: 4, physicalCores: 2 }),
  osInfo: async () => ({ distro: 'Debian GNU/Linux', release: '12', kernel: '6.1.0-18-amd64' }),
  mem: async () => ({ total: 8 * 2 ** 30 }),
  system: async () => ({ virtual: false }),
};

describe('vmc doctor about the machine', () => {
  it('says which it is', async () => {
    const { ok, detail } = await machine(async () => LIBRARY);
    expect(ok).to.equal(true);
    expect(detail).to.equal(
      'Debian GNU/Linux 12, Linux 6.1.0-18-amd64, Intel Core i5-6200U, 4 threads on 2 cores, 8.0 GiB',
    );
  });

  it('says what it is a guest of', async () => {
    const cpu = async () => ({ manufacturer: '', brand: '', cores: 1, physicalCores: 1 });
    const system = async () => ({ virtual: true, virtualHost: 'KVM' });
    const { detail } = await machine(async () => ({ ...LIBRARY, cpu, system }));
    expect(detail).to.match(/, processor of no name, 1 core, 8\.0 GiB, virtual \(KVM\)$/);
  });

  it('is asked of this very machine', async () => {
    const { detail } = await machine();
    expect(detail)
      .to.match(/Linux \d+\./)
      .and.to.match(/\d+(\.\d)? GiB/);
  });

  it('is not known where the platform cannot be asked', async () => {
    const failing = async () => {
      throw new Error('no such library');
    };
    expect(await machine(failing)).to.include({ ok: true, detail: 'not known: no such library' });
  });
});
