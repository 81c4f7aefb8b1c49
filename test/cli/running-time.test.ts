import { expect } from 'chai';
import { type Serving, startServing } from '../api/serving.js';
import { documentOf, vmc } from './vmc.js';

describe('vmc running-time', () => {
  let serving: Serving;
  before(async () => {
    serving = await startServing();
  });
  after(() => serving.stop());
  const ask = (...args: string[]) => vmc(['running-time', ...args, '--socket', serving.socket]);

  it('says when work will be done, within which limits, and what that rests on', async () => {
    const { exitCode, stdout } = await ask('30s', '--level', '90%');
    expect(exitCode).to.equal(0);
    expect(stdout)
      .to.match(/^30s of CPU time by a process of the owner: done in 45s\n/)
      .and.match(/with 90% between 4\d(\.\d+)?s and 4\d(\.\d+)?s\n/)
      .and.contain('fair share in mode calm: 0.667 of a processor, 1.000 beside an idle owner\n')
      .and.contain('owner.threads: 2.00 threads, by AR(16) + SES on 300 samples\n')
      .and.contain('not calibrated yet (0 outcomes of like work)');
  });

  it('says where the load is not forecast for so long', async () => {
    expect((await ask('1h')).stdout).to.contain('longer than it looks ahead, so mostly their mean');
  });

  it('answers as JSON what the daemon does', async () => {
    const document = documentOf(await ask('1s', '--class', 'others', '--format', 'json'));
    expect(document).to.include({ workNs: 1e9, class: 'others', level: 0.95 });
  });

  const mistakes: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['work of nothing', ['0s'], 3, /work must be a time above 0, at least 1ns, such as 30s/],
    ['work that is no time', ['much'], 3, /work must be a time such as 30s/],
    ['a level of 1', ['1s', '--level', '100%'], 3, /level must be a percentage above 0% and below 100%/],
    ['a class that there is not', ['1s', '--class', 'other'], 4, /no class other; did you mean others\?/],
  ];
  for (const [what, args, exitCode, complaint] of mistakes) {
    it(`refuses ${what}`, async () => {
      const ended = await ask(...args);
      expect(ended).to.include({ exitCode, stdout: '' });
      expect(ended.stderr).to.match(complaint);
    });
  }
});
