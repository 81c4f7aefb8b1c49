import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/support/package-root.js';
import { skipBecause } from '../support/skip-because.js';
import { buildPackage } from './build-package.js';

describe('the Debian package', function () {
  this.timeout(120_000);
  let directory: string;
  let deb: string;
  before(function () {
    if (spawnSync('dpkg-deb', ['--version']).error) skipBecause(this, 'needs dpkg-deb: apt-get install dpkg');
    directory = mkdtempSync(join(tmpdir(), 'vmc-deb-'));
    deb = buildPackage(directory);
  });
  after(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  const listing = () =>
    execFileSync('dpkg-deb', ['--contents', deb], { encoding: 'utf8' }).trim().split('\n');

  it('is the same bytes whoever builds it, wherever', () => {
    const elsewhere = join(directory, 'elsewhere');
    mkdirSync(elsewhere);
    const mask = process.umask(0o077);
    try {
      const again = buildPackage(elsewhere, { TZ: 'Asia/Tokyo', LC_ALL: 'C' });
      expect(readFileSync(again).equals(readFileSync(deb))).to.equal(true);
    } finally {
      process.umask(mask);
    }
  });

  it('belongs to root, and nothing in it is writable by others, set-user-ID, or of the machine that built it', () => {
    for (const line of listing()) {
      expect(line, line).to.match(/^[-dl]rw[x-]r-[x-]r-[x-] root\/root |^lrwxrwxrwx root\/root /);
    }
    // Examples are sources, to be read.
    const programs = listing().filter((line) => !line.includes('/examples/'));
    expect(programs.join('\n')).not.to.match(/dist\/code-cache|\.ts$|\/src\/.*\.(?:cc|hh)$/m);
  });

  it('runs from where it is unpacked, with nothing of the checkout', () => {
    const root = join(directory, 'root');
    execFileSync('dpkg-deb', ['--extract', deb, root]);
    const vmc = (...args: string[]) =>
      spawnSync(join(root, 'usr/bin/vmc'), args, {
        encoding: 'utf8',
        cwd: '/',
        env: { PATH: process.env['PATH'] },
      });
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(vmc('--version').stdout.trim()).to.equal(version);
    expect(vmc('explain', 'VMC4001').stdout).to.contain('VMC4001');
    const doctor = JSON.parse(vmc('doctor', '--format', 'json').stdout) as {
      checks: readonly { name: string; ok: boolean }[];
    };
    expect(doctor.checks.find(({ name }) => name === 'system calls')?.ok).to.equal(true);
    const policy = join(root, 'etc/vmc/policy.vmc');
    expect(vmc('compile', policy).status, 'the policy that is in it').to.equal(0);
    expect(existsSync(join(root, 'usr/lib/vmc/src/enforce/guardian/guardian.pl'))).to.equal(true);
  });

  it('keeps the owner’s policy on upgrades, and starts and stops no guest', () => {
    const control = join(directory, 'control');
    execFileSync('dpkg-deb', ['--control', deb, control]);
    expect(readFileSync(join(control, 'conffiles'), 'utf8')).to.equal('/etc/vmc/policy.vmc\n');
    for (const script of ['postinst', 'prerm', 'postrm']) {
      expect(spawnSync('sh', ['-n', join(control, script)]).status, script).to.equal(0);
    }
  });
});
