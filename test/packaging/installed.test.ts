import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import type { Status } from '../../src/enforce/status.js';
import { packageRoot } from '../../src/support/package-root.js';
import { skipBecause } from '../support/skip-because.js';
import { requireTestHost } from '../support/test-host/require-test-host.js';
import { bootTestHost, type TestHost } from '../support/test-host/test-host.js';
import { buildPackage, laterPackage } from './build-package.js';
import { InstalledMachine, MACHINE_FILES, type MachineState, type WantedState } from './installed-machine.js';

const POLICY = `
keep 10% of cpu for owner
vm served { match unit "served.service"  vcpus 1 }
vm domain { match name "domain" and cgroup "/machine.slice/*"  vcpus 1 }
vm byhand { match name "byhand" and user "root"  vcpus 1 }
share cpu among served 5, domain 6, byhand 1
limit served to 30% of a core
limit domain to 20% of a core
limit byhand to 25% of a core
`;
const GOVERNED: WantedState = {
  'byhand.group': /^\/vmc\.slice\/vmc-guests\.scope\/vmc-byhand\//,
  'slice.weight': '900',
  'served.weight': '125',
  'served.quota': '30000 100000',
  'domain.weight': '150',
  'domain.quota': '20000 100000',
  'byhand.weight': '25',
  'byhand.quota': '25000 100000',
};

/**
 * The life of the package on a machine of systemd's, with guests of systemd's, of libvirt's and of nobody's under its
 * daemon. One machine, one story: each test goes on where the one before it ended.
 */
describe('the Debian package, installed where systemd and libvirt have guests', function () {
  this.timeout(240_000);
  let directory = '';
  let host: TestHost;
  let machine: InstalledMachine;
  let asItWas: MachineState;

  before(async function () {
    requireTestHost(this);
    if (spawnSync('dpkg-deb', ['--version']).error) skipBecause(this, 'needs dpkg-deb: apt-get install dpkg');
    directory = mkdtempSync(join(tmpdir(), 'vmc-installed-'));
    const deb = buildPackage(directory);
    host = await bootTestHost({
      init: 'systemd',
      files: {
        ...MACHINE_FILES,
        'policy.vmc': POLICY,
        'vmc.deb': { from: deb },
        'later.deb': { from: laterPackage(deb) },
      },
      bootTimeoutMs: 180_000,
    });
    machine = new InstalledMachine(host);
  });
  after(async () => {
    await host?.stop();
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(function () {
    const hasFailed = this.currentTest?.parent?.tests.some(({ state }) => state === 'failed');
    if (hasFailed) skipBecause(this, 'the test before it failed');
  });

  const untilGoverned = async (parts: WantedState = {}) => {
    const files = await machine.untilFiles('governed', { ...GOVERNED, ...parts });
    for (const key of ['served', 'domain', 'byhand'].flatMap((name) => [
      `${name}.process`,
      `${name}.stopped`,
    ]))
      expect(files[key], key).to.equal(asItWas[key]);
  };
  const untilWhole = async () => {
    const { 'served.properties': _, 'domain.schedule': __, ...files } = asItWas;
    await machine.untilFiles('given back', files);
    expect(await machine.state()).to.deep.equal(asItWas);
  };

  it('is installed by dpkg: its group and directories are made, and nothing is started', async () => {
    await machine.run('dpkg', '--install', '/project/vmc.deb');
    expect(await machine.run('stat', '-c', '%n %U:%G %a', '/run/vmc', '/var/lib/vmc')).to.equal(
      '/run/vmc root:vmc 755\n/var/lib/vmc root:vmc 750\n',
    );
    expect((await host.run(['systemctl', 'is-active', 'vmcd'])).stdout).to.equal('inactive\n');
    expect((await host.run(['systemctl', 'is-enabled', 'vmcd'])).stdout).to.equal('disabled\n');
  });

  it('has a unit without a line that systemd does not know, rated as docs/operations.md says', async () => {
    const { stdout, stderr } = await host.run(['systemd-analyze', 'verify', 'vmcd.service']);
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('vmcd.service'))).to.deep.equal(
      [],
    );
    const rating = await machine.run('systemd-analyze', 'security', '--no-pager', 'vmcd.service');
    const exposure = /exposure level for vmcd\.service: ([\d.]+)/.exec(rating)?.[1];
    const document = readFileSync(join(packageRoot(), 'docs', 'operations.md'), 'utf8');
    expect(document).to.contain(`exposure level of **${exposure}**`);
  });

  it('is not kept by the bounds of its unit from having systemd run what it likes, as docs/security.md says', async () => {
    const unit = await machine.run('systemctl', 'cat', 'vmcd.service');
    const bounds = unit.match(
      /^(?:CapabilityBoundingSet|NoNewPrivileges|ProtectSystem|SystemCallFilter)=.+$/gm,
    );
    const properties = (bounds ?? []).map((line) => `--property=${line}`);
    const has = 'grep CapEff /proc/self/status';
    await machine.run(
      ...[
        'systemd-run',
        '--quiet',
        '--wait',
        ...properties,
        '--property=StandardOutput=file:/tmp/inner',
        'sh',
        '-c',
      ],
      `${has}; systemd-run --quiet --wait --property=StandardOutput=file:/tmp/outer ${has}`,
    );
    const [inner = '', outer = ''] = (await machine.sh('cat /tmp/inner /tmp/outer')).trim().split('\n');
    expect([bounds?.length, inner]).to.deep.equal([5, 'CapEff:\t0000000000881022']);
    expect(outer).to.match(/^CapEff:\t0*1f+$/);
  });

  it('sets guests of systemd and libvirt through them where they are, and gathers others in a scope', async () => {
    await machine.startGuests();
    asItWas = await machine.state();
    await machine.dropIn('log.conf', MACHINE_FILES['log.conf'] as string);
    await machine.run('cp', '/project/policy.vmc', '/etc/vmc/policy.vmc');
    await machine.run('systemctl', 'start', 'vmcd');
    await untilGoverned();
    const state = await machine.state();
    expect(state['served.group']).to.equal('/system.slice/served.service');
    expect(state['domain.group']).to.equal(asItWas['domain.group']);
    expect(state['served.properties']).to.equal(
      'CPUWeight=125 CPUQuotaPerSecUSec=300ms CPUQuotaPeriodUSec=100ms',
    );
    expect(state['domain.schedule']).to.equal('cpu_shares : 150 global_period : 100000 global_quota : 20000');
  });

  it('answers members of its group, who may change nothing, and no other user', async () => {
    await machine.run('usermod', '--append', '--groups', 'vmc', 'guest');
    const kept = {
      controls: {
        served: ['class share', 'class quota'],
        domain: ['class share', 'class quota'],
        byhand: ['guests share', 'class share', 'class quota'],
      },
      findings: ['weighed-elsewhere', 'weighed-elsewhere'],
    };
    const seen = (status: Status) => ({
      controls: controlsInForce(status),
      findings: status.findings.map(({ code }) => code),
    });
    const status = await machine.memberStatus((one) => isDeepStrictEqual(seen(one), kept));
    expect(seen(status)).to.deep.equal(kept);
    const change = await machine.as('--init-groups', 'vmc', 'set', 'gaming', 'on');
    expect(change.stderr).to.contain('only root');
    const other = await machine.as('--clear-groups', 'vmc', 'status');
    expect(other.stderr).to.contain('this user may not talk to it');
  });

  it('takes a changed policy when it is reloaded', async () => {
    await machine.sh("sed -i 's/limit served to 30%/limit served to 40%/' /etc/vmc/policy.vmc");
    await machine.run('systemctl', 'reload', 'vmcd');
    await untilGoverned({ 'served.quota': '40000 100000' });
  });

  it('gives everything back by its guardian when the daemon is killed', async () => {
    await machine.dropIn('guardian-alone.conf', '[Service]\nRestart=no\nExecStopPost=\n');
    await machine.run('systemctl', 'kill', '--kill-whom=main', '--signal=KILL', 'vmcd');
    await untilWhole();
    await machine.untilUnitIs('failed');
    await machine.removeDropIn('guardian-alone.conf');
  });

  it('gives everything back as its unit ends when the guardian is killed as well, and is started again', async () => {
    await machine.run('systemctl', 'start', 'vmcd');
    await untilGoverned({ 'served.quota': '40000 100000' });
    await machine.run('systemctl', 'kill', '--kill-whom=all', '--signal=KILL', 'vmcd');
    await machine.untilLogged('what a daemon left is given back');
    await untilGoverned({ 'served.quota': '40000 100000' });
    expect(await machine.run('systemctl', 'show', 'vmcd', '--property', 'NRestarts')).to.equal(
      'NRestarts=1\n',
    );
  });

  it('is upgraded under running guests, and goes on with the policy that is there', async () => {
    await machine.sh('DEBIAN_FRONTEND=noninteractive dpkg --install /project/later.deb');
    expect(await machine.run('dpkg-query', '--show', 'vmc')).to.match(/\+later$/m);
    await untilGoverned({ 'served.quota': '40000 100000' });
    expect(await machine.sh('grep -c "everything is given back" /tmp/vmcd.log')).to.equal('1\n');
  });

  it('is removed with everything given back, and purged with nothing left', async () => {
    await machine.run('dpkg', '--remove', 'vmc');
    await untilWhole();
    expect(await machine.sh('ls -d /etc/vmc/* /var/lib/vmc')).to.equal('/etc/vmc/policy.vmc\n/var/lib/vmc\n');
    await machine.run('dpkg', '--purge', 'vmc');
    const left =
      "find / /run -xdev -name '*vmc*' ! -path '/project/*' ! -path '/tmp/*' ! -path '/run/systemd/system/vmcd.*'";
    expect(await machine.sh(`${left}; grep vmc /etc/group || :`)).to.equal('');
  });
});

/** `SUBJECT MECHANISM` of each, by the guest's name. */
const controlsInForce = ({ guests }: Status): Record<string, readonly string[]> =>
  Object.fromEntries(
    guests.map(({ name, controls }) => [
      name,
      controls
        .filter(({ inForce }) => inForce)
        .map(({ setting }) => `${setting.subject} ${setting.mechanism}`),
    ]),
  );
