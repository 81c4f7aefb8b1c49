import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Outcome } from '../../demo/outcome.js';
import { packageRoot } from '../../src/support/package-root.js';
import { requireReservations } from '../enforce/linux/real-host.js';

describe('the demonstration', () => {
  it('keeps every promise to four real guests in both modes, and gives everything back', function () {
    requireReservations(this);
    this.timeout(120_000);
    const directory = mkdtempSync(join(tmpdir(), 'vmc-demo-'));
    try {
      const file = join(directory, 'outcome.json');
      const demo = join(packageRoot(), 'dist', 'demo.cjs');
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [demo, '--seconds', '24', '--json', file],
        {
          encoding: 'utf8',
          cwd: packageRoot(),
        },
      );
      expect(status, `${stdout}\n${stderr}`).to.equal(0);
      const outcome = JSON.parse(readFileSync(file, 'utf8')) as Outcome;
      expect(outcome).to.include({ ok: true, givenBack: true });
      expect(new Set(outcome.guests.map(({ mechanism }) => mechanism))).to.deep.equal(
        new Set(['reservation', 'share', 'duty']),
      );
      expect(new Set(outcome.guests.map(({ mode }) => mode)).size).to.equal(2);
      expect(outcome.forecast.rows).not.to.be.empty;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('says how it is called when it is called wrongly', () => {
    const demo = join(packageRoot(), 'dist', 'demo.cjs');
    const { status, stderr } = spawnSync(process.execPath, [demo, '--seconds', '3'], { encoding: 'utf8' });
    expect(status).to.equal(3);
    expect(stderr).to.contain('--json FILE');
  });
});
