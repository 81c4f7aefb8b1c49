import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Calibration } from '../../../src/enforce/calibration/calibration.js';
import {
  calibrationFile,
  findCalibration,
  keepCalibration,
} from '../../../src/enforce/calibration/calibration-file.js';

const CALIBRATION: Calibration = {
  calibrationVersion: 1,
  kernelRelease: '6.1.0-56',
  measuredAt: '2026-11-30T12:00:00.000Z',
  contextSwitchesNs: 31_000,
  quantile: 0.95,
  scheduling: 'deadline',
  cores: [{ core: 0, scheduling: 'deadline', preemptions: 400, medianNs: 20_000, highNs: 30_400 }],
};
const USER = 1000;

describe('the file of a calibration', () => {
  let directory: string;
  let env: Record<string, string>;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-state-'));
    env = { VMC_STATE_DIR: join(directory, 'state') };
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const find = (release = '6.1.0-56') => findCalibration(env, USER, release);
  function put(text: string): void {
    const file = calibrationFile(env, USER);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  it('is the host’s for root, and in the state of other users', () => {
    const home = { HOME: '/home/alice' };
    expect(calibrationFile({}, 0)).to.equal('/var/lib/vmc/calibration.json');
    expect(calibrationFile(home, USER)).to.equal('/home/alice/.local/state/vmc/calibration.json');
    const state = { ...home, XDG_STATE_HOME: '/state' };
    expect(calibrationFile(state, USER)).to.equal('/state/vmc/calibration.json');
    expect(calibrationFile({ ...state, VMC_STATE_DIR: '/here' }, USER)).to.equal('/here/calibration.json');
  });

  it('is found again as it was kept, and nothing is left beside it', () => {
    const file = calibrationFile(env, USER);
    keepCalibration(file, { ...CALIBRATION, contextSwitchesNs: 1000 });
    keepCalibration(file, CALIBRATION);
    expect(find()).to.deep.equal({ calibration: CALIBRATION, file, problem: null });
    expect(readdirSync(dirname(file))).to.deep.equal(['calibration.json']);
  });

  it('is not missed where there is none', () => {
    expect(find()).to.deep.equal({ calibration: null, file: null, problem: null });
  });

  it('is ignored on another kernel, with both named', () => {
    put(JSON.stringify(CALIBRATION));
    const { calibration, problem } = find('6.12.1');
    expect(calibration).to.equal(null);
    expect(problem).to.contain('6.1.0-56').and.contain('6.12.1').and.contain('vmc calibrate');
  });

  it('is ignored when it is damaged, and said to be', () => {
    const whole = JSON.stringify(CALIBRATION);
    const damaged = [
      '',
      whole.slice(0, -20),
      'null',
      '[]',
      '3',
      JSON.stringify({ ...CALIBRATION, calibrationVersion: 2 }),
      JSON.stringify({ ...CALIBRATION, contextSwitchesNs: '31000' }),
      JSON.stringify({ ...CALIBRATION, contextSwitchesNs: 0 }),
      JSON.stringify({ ...CALIBRATION, contextSwitchesNs: 1_000_001 }),
      JSON.stringify({ ...CALIBRATION, contextSwitchesNs: 1.5 }),
      JSON.stringify({ ...CALIBRATION, kernelRelease: undefined }),
      JSON.stringify({ ...CALIBRATION, measuredAt: 'yesterday' }),
    ];
    for (const text of damaged) {
      put(text);
      const { calibration, file, problem } = find();
      expect(calibration, text).to.equal(null);
      expect(problem, text).to.contain(file).and.contain('damaged');
    }
  });

  it('is ignored when it cannot be read', () => {
    mkdirSync(calibrationFile(env, USER), { recursive: true });
    expect(find().problem).to.contain('cannot be read (EISDIR)');
  });

  it('stays as it was where it cannot be written', () => {
    const file = calibrationFile(env, USER);
    keepCalibration(file, CALIBRATION);
    rmSync(file);
    mkdirSync(file);
    expect(() => keepCalibration(file, CALIBRATION)).to.throw('EISDIR');
    expect(readdirSync(dirname(file))).to.deep.equal(['calibration.json']);
  });
});
