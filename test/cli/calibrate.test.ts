import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { CalibrationSchema } from '../../src/api/calibration-schema.js';
import { ErrorSchema } from '../../src/api/diagnostics-schema.js';
import { FactsSchema } from '../../src/compiler/facts-schema.js';
import { scratchDirectory } from './scratch.js';
import { DEMO_POLICY, documentOf, type Ended, vmc } from './vmc.js';

const KEPT = {
  calibrationVersion: 1,
  kernelRelease: release(),
  measuredAt: '2026-11-30T12:00:00.000Z',
  contextSwitchesNs: 31_000,
  quantile: 0.95,
  scheduling: 'deadline',
  cores: [{ core: 0, scheduling: 'deadline', preemptions: 400, medianNs: 20_000, highNs: 30_400 }],
};

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

describe('vmc calibrate', () => {
  const { path, write } = scratchDirectory();

  it('answers what it measured, and keeps it; a machine too busy for that is said to be', async () => {
    const env = { VMC_STATE_DIR: path('measured') };
    const ended = await vmc(['calibrate', '--format', 'json'], { env });
    if (isBusy(ended)) return;
    expect(ended.exitCode, ended.stdout).to.equal(0);
    expect([...Value.Errors(CalibrationSchema, documentOf(ended))]).to.deep.equal([]);
    const file = path('measured/calibration.json');
    expect(documentOf(ended)).to.have.property('file', file);
    expect(documentOf(ended)['calibration']).to.deep.equal(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('keeps nothing with --dry-run', async () => {
    const env = { VMC_STATE_DIR: path('untouched') };
    const ended = await vmc(['calibrate', '--dry-run'], { env });
    if (ended.exitCode === 0)
      expect(ended.stdout)
        .to.contain('not kept')
        .and.match(/two context switches: \d+us/);
    expect(() => readFileSync(path('untouched/calibration.json'))).to.throw('ENOENT');
  });

  it('refuses a place that cannot be written to', async () => {
    const env = { VMC_STATE_DIR: write('file', '') };
    const ended = await vmc(['calibrate', '--format', 'json'], { env });
    expect(ended.exitCode).to.equal(4);
    expect([...Value.Errors(ErrorSchema, documentOf(ended))]).to.deep.equal([]);
  });
});

describe('a calibration that was kept', () => {
  const { path } = scratchDirectory();
  const env = () => ({ VMC_STATE_DIR: path('state') });
  function keep(calibration: object | string): void {
    const file = path('state/calibration.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof calibration === 'string' ? calibration : JSON.stringify(calibration));
  }
  const run = (...args: readonly string[]) => vmc(args, { env: env() });
  async function doctorsCheck(): Promise<Check | undefined> {
    const { checks } = documentOf(await run('doctor', '--format', 'json')) as { checks: Check[] };
    return checks.find(({ name }) => name === 'calibration');
  }

  it('is part of the host facts, and of plans for this machine', async () => {
    keep(KEPT);
    const facts = documentOf(await run('facts', '--nominal', '--format', 'json'));
    expect([...Value.Errors(FactsSchema, facts)]).to.deep.equal([]);
    expect(facts).to.have.property('contextSwitchesNs', 31_000);
    expect((await run('facts', '--nominal')).stdout).to.match(/context switches +31us in each period/);
    const compiled = await run('compile', DEMO_POLICY, '--format', 'json');
    expect(compiled.stderr).to.equal('');
    if (compiled.exitCode === 0)
      expect(documentOf(compiled)).to.have.nested.property('plan.host.contextSwitchesNs', 31_000);
  });

  it('is told by the doctor, who else asks for it', async () => {
    keep(KEPT);
    expect(await doctorsCheck())
      .to.include({ ok: true })
      .and.have.property('detail')
      .that.contains('31us');
    keep('');
    expect(await doctorsCheck())
      .to.include({ ok: false })
      .and.have.property('detail')
      .that.contains('damaged');
  });

  it('is ignored when it is damaged or of another kernel, with a warning beside every answer', async () => {
    for (const [useless, why] of [
      [{ ...KEPT, kernelRelease: '5.10.0-8' }, 'measured on Linux 5.10.0-8'],
      ['{"calibrationVersion":1', 'damaged'],
    ] as const) {
      keep(useless);
      for (const args of [
        ['facts', '--nominal'],
        ['compile', DEMO_POLICY],
        ['enforce', DEMO_POLICY, '--dry-run'],
      ]) {
        const ended = await run(...args, '--format', 'json');
        expect(ended.stderr, args.join(' '))
          .to.match(/^vmc: warning: .*calibration\.json is ignored/m)
          .and.contain(why);
        expect(ended.stdout, args.join(' ')).to.not.contain('contextSwitchesNs');
      }
      expect((await run('facts', '--nominal', '-q')).stderr).to.equal('');
    }
  });

  it('is of no concern to whoever brings host facts', async () => {
    keep('');
    const facts = (await run('facts', '--nominal', '--format', 'json')).stdout;
    const file = path('facts.json');
    writeFileSync(file, facts);
    expect(
      (await run('compile', DEMO_POLICY, '--host', file, '-q', '-o', path('plan.json'))).stderr,
    ).to.not.contain('ignored');
  });
});

const isBusy = (ended: Ended): boolean =>
  ended.exitCode === 4 && documentOf(ended)['error'] !== undefined && ended.stdout.includes('"BUSY"');
