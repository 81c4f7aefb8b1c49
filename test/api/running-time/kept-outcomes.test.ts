import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { KeptOutcomes } from '../../../src/api/running-time/kept-outcomes.js';
import type { Outcome } from '../../../src/rps/running-time/index.js';

const outcome = (workNs: number): Outcome => ({
  kind: 'fair share',
  workNs,
  threads: 0.25,
  logRatio: -0.125,
  scale: 0.5,
  level: 0.95,
  inside: true,
});

describe('outcomes of running times', () => {
  let directory: string;
  let warnings: string[];
  const open = (state: string | undefined) =>
    new KeptOutcomes(state, { warn: (line) => warnings.push(line) });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-outcomes-'));
    warnings = [];
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('are there again after a restart', () => {
    const first = open(directory);
    first.add(outcome(1e9));
    first.add(outcome(2e9));
    first.close();
    const second = open(directory);
    expect(second.all).to.deep.equal([outcome(1e9), outcome(2e9)]);
    expect(warnings).to.deep.equal([]);
  });

  it('are the newest thousand', () => {
    const kept = open(undefined);
    for (let i = 1; i <= 1005; i++) kept.add(outcome(i));
    kept.close();
    expect(kept.all).to.have.length(1000);
    expect(kept.all[0]?.workNs).to.equal(6);
  });

  it('are begun anew, with a warning, where the file is none of ours', () => {
    const file = join(directory, 'running-times.json');
    for (const text of [
      '{',
      '{"runningTimesVersion":2,"outcomes":[]}',
      '{"runningTimesVersion":1,"outcomes":[{"kind":"x"}]}',
    ]) {
      writeFileSync(file, text);
      warnings = [];
      const kept = open(directory);
      expect(kept.all).to.deep.equal([]);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.contain(file);
      kept.add(outcome(1e9));
      kept.close();
      expect(JSON.parse(readFileSync(file, 'utf8'))).to.deep.include({ outcomes: [outcome(1e9)] });
    }
  });

  it('are used but not kept, with a warning, where the directory takes no file', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const kept = open(join(file, 'state'));
    kept.add(outcome(1e9));
    kept.close();
    expect(kept.all).to.deep.equal([outcome(1e9)]);
    expect(warnings.join()).to.match(/outcomes of running times are not kept/);
  });
});
