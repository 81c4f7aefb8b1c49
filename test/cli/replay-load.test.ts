import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { ReplayLoadSchema } from '../../src/api/replay-load-schema.js';
import { dutiesOf, Feedback, playbackOf } from '../../src/cli/replay-load/playback.js';
import { scratchDirectory } from './scratch.js';
import { documentOf, VMC, vmc } from './vmc.js';

const OPTIONS = {
  unit: 'percent',
  scale: 1,
  meanThreads: null,
  stepMs: 1000,
  fromMs: 0,
  forMs: null,
  processors: 4,
} as const;

describe('a load that is to be played', () => {
  const trace = Float64Array.of(0, 50, 100, 25);

  it('is in threads: of a trace in percent that of the whole host', () => {
    expect([...playbackOf(trace, OPTIONS).threads]).to.deep.equal([0, 2, 4, 1]);
    expect([...playbackOf(trace, { ...OPTIONS, unit: 'threads', scale: 0.1 }).threads]).to.deep.equal([
      0, 5, 10, 2.5,
    ]);
  });

  it('is the part that is asked for, and has the mean that is asked for in that', () => {
    const part = { ...OPTIONS, fromMs: 1000, forMs: 2000 };
    expect([...playbackOf(trace, part).threads]).to.deep.equal([2, 4]);
    expect([...playbackOf(trace, { ...part, meanThreads: 1.5 }).threads]).to.deep.equal([1, 2]);
  });

  const refused: readonly (readonly [what: string, run: () => unknown, complaint: RegExp])[] = [
    ['begins after the trace', () => playbackOf(trace, { ...OPTIONS, fromMs: 4000 }), /it is 4 s long/],
    ['is below nothing', () => playbackOf(Float64Array.of(1, -1), OPTIONS), /sample 2: -0\.04 threads/],
    [
      'is more than can be',
      () => playbackOf(trace, { ...OPTIONS, scale: 1000 }),
      /a load is 0 to 256 threads/,
    ],
    [
      'is nothing and to be something',
      () => playbackOf(Float64Array.of(0, 0), { ...OPTIONS, meanThreads: 1 }),
      /a load of 0 cannot be scaled/,
    ],
  ];
  for (const [what, run, complaint] of refused) {
    it(`is refused where it ${what}`, () => expect(run).to.throw(RangeError, complaint));
  }

  it('is played by hogs of which all but one are wholly busy or idle', () => {
    expect(dutiesOf(2.25, 4)).to.deep.equal([1, 1, 0.25, 0]);
    expect(dutiesOf(9, 2)).to.deep.equal([1, 1]);
  });

  it('comes to what was wanted where hogs get a tenth less than they are told to take', () => {
    const feedback = new Feedback();
    let [wantedSum, playedSum] = [0, 0];
    for (let second = 0; second < 60; second++) {
      const wanted = 1 + (second % 3) / 4;
      const played = 0.9 * feedback.demand(wanted, 1, 3);
      feedback.observe(wanted, played, 1, 3);
      wantedSum += wanted;
      playedSum += played;
    }
    expect(playedSum / wantedSum).to.be.within(0.99, 1.01);
  });

  it('is not made up for without end, nor while nothing is wanted', () => {
    const feedback = new Feedback();
    for (let second = 0; second < 60; second++) feedback.observe(1, 0, 1, 2);
    expect(feedback.demand(0, 1, 2)).to.equal(0);
    expect(feedback.demand(0.1, 1, 2)).to.be.at.most(0.6);
  });
});

describe('vmc replay-load', function () {
  this.timeout(60_000);
  const { write } = scratchDirectory();

  it('plays what the trace says, as the kernel counts it', async () => {
    // Ran or waited: so it holds beside whatever else this machine does.
    const file = write('load.csv', `value\n${'0.5\n1.5\n'.repeat(2)}`);
    const args = ['replay-load', file, '--unit', 'threads', '--format', 'json'];
    const ended = await vmc(args);
    expect(ended).to.include({ exitCode: 0, stderr: '' });
    const document = documentOf(ended);
    expect([...Value.Errors(ReplayLoadSchema, document)]).to.deep.equal([]);
    expect(document).to.include({ unit: 'threads', steps: 4, interrupted: false, wanted: 1, hogs: 3 });
    expect(document['played']).to.be.within(0.8, 1.2);
    expect(document['hostCpuPercent']).to.be.within(0, 100);
  });

  it('says what it played, in words', async () => {
    const file = write('short.csv', '20\n20\n');
    const { stdout, exitCode } = await vmc(['replay-load', file, '--step', '200ms']);
    expect(exitCode).to.equal(0);
    expect(stdout)
      .to.match(/400ms played by 2 threads/)
      .and.match(/wanted 20\.00%, played \d+\.\d+% of the whole host/)
      .and.match(/host\.cpu was \d+\.\d% on the mean/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends on ${signal} with what was played until then, and nothing runs any more`, async () => {
      const file = write('long.csv', '100\n'.repeat(600));
      const child = spawn(process.execPath, [
        VMC,
        'replay-load',
        file,
        '--format',
        'json',
        '--step',
        '100ms',
      ]);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      const closed = once(child, 'close');
      // Hogs are threads of the process: they work when its CPU time rises.
      const ticks = () => {
        const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        return Number(fields[11]) + Number(fields[12]);
      };
      while (ticks() < 100) await delay(20);
      child.kill(signal);
      const [code] = (await closed) as [number];
      expect(code).to.equal(0);
      expect(JSON.parse(text)).to.include({ interrupted: true });
      expect(() => process.kill(child.pid!, 0)).to.throw();
    });
  }

  const mistakes: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['a step that is too short', ['--step', '10ms'], 3, /--step 10ms: 100ms at the least/],
    ['a time that is none', ['--for', 'long'], 3, /--for long: a time such as/],
    ['two ways to say how much', ['--load', 'light', '--scale', '2'], 3, /give one of them/],
    ['a factor of nothing', ['--scale', '0'], 3, /a factor above 0/],
    ['a place beyond the trace', ['--from', '1h'], 4, /the trace has ended before that: it is 2 s long/],
  ];
  for (const [what, args, exitCode, complaint] of mistakes) {
    it(`refuses ${what}`, async () => {
      const ended = await vmc(['replay-load', write('two.csv', '1\n2\n'), ...args]);
      expect(ended).to.include({ exitCode, stdout: '' });
      expect(ended.stderr).to.match(complaint);
    });
  }

  it('refuses a trace that is none, with the line', async () => {
    const ended = await vmc(['replay-load', write('bad.csv', '1\ntwo\n')]);
    expect(ended).to.include({ exitCode: 4, stdout: '' });
    expect(ended.stderr).to.match(/bad\.csv:2: 'two' is no number/);
  });
});
