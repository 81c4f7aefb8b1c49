import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/support/package-root.js';
import { requireTestHost } from '../support/test-host/require-test-host.js';
import { bootTestHost, type TestHost } from '../support/test-host/test-host.js';

/** The unit as Debian's systemd reads it. */
describe('packaging/vmcd.service', function () {
  this.timeout(240_000);
  let host: TestHost;
  before(async function () {
    requireTestHost(this);
    const unit = readFileSync(join(packageRoot(), 'packaging', 'vmcd.service'), 'utf8');
    host = await bootTestHost({ init: 'systemd', files: { 'vmcd.service': unit }, bootTimeoutMs: 180_000 });
  });
  after(() => host?.stop());

  it('is rated by systemd as docs/operations.md says', async () => {
    const command = ['systemd-analyze', 'security', '--offline=true', '--no-pager', '/project/vmcd.service'];
    const { stdout } = await host.run(command, { timeoutMs: 60_000 });
    const exposure = /exposure level for vmcd\.service: ([\d.]+)/.exec(stdout)?.[1];
    const document = readFileSync(join(packageRoot(), 'docs', 'operations.md'), 'utf8');
    expect(document).to.contain(`exposure level of **${exposure}**`);
    expect(Number(exposure)).to.be.below(4);
  });

  it('has no line that systemd does not know', async () => {
    const prepare = 'mkdir -p /usr/bin; for name in vmc vmcd; do cp /bin/true /usr/bin/$name; done';
    await host.run(['sh', '-c', prepare]);
    const { stdout, stderr } = await host.run(['systemd-analyze', 'verify', '/project/vmcd.service'], {
      timeoutMs: 60_000,
    });
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('vmcd.service'))).to.deep.equal(
      [],
    );
  });
});
