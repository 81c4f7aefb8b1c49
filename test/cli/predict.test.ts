import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import type { ForecastUpdate } from '../../src/api/client.js';
import { ForecastSchema, ForecastsSchema, ForecastUpdateSchema } from '../../src/api/forecast-schema.js';
import { type Serving, startServing } from '../api/serving.js';
import { VMC, vmc } from './vmc.js';

describe('vmc predict', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
    serving.services.sample({ 'owner.demand': 50, 'host.cpu': 40 });
  });
  afterEach(() => serving.stop());
  const ask = (...args: string[]) => vmc(['predict', ...args, '--socket', serving.socket]);

  it('has one forecast as it always was, and several in one table or document', async () => {
    const one = await ask('owner.demand', '--horizon', '10s', '--format', 'json');
    expect(one.exitCode, one.stderr).to.equal(0);
    expect([...Value.Errors(ForecastSchema, JSON.parse(one.stdout))]).to.deep.equal([]);
    const many = ['owner.demand', 'host.cpu', '--horizon', '1s,10s', '--level', '80%,95%'];
    const document = JSON.parse((await ask(...many, '--format', 'json')).stdout);
    expect([...Value.Errors(ForecastsSchema, document)]).to.deep.equal([]);
    expect(document.forecasts).to.have.length(8);
    const { stdout, exitCode } = await ask(...many);
    expect(exitCode).to.equal(0);
    expect(stdout.match(/^(owner\.demand|host\.cpu) /gm)).to.have.length(8);
  });

  it('shows what there is where something is wrong with some, and says what', async () => {
    const partly = await ask('owner.demand', 'owner.demnd');
    expect(partly.exitCode).to.equal(4);
    expect(partly.stdout).to.contain('owner.demand');
    expect(partly.stderr).to.contain(
      'there is no signal owner.demnd on this host; did you mean owner.demand?',
    );
    const usage = await ask('owner.demand', 'host.cpu', '--horizon', '1d');
    expect(usage.exitCode).to.equal(3);
    expect(usage.stderr.trim().split('\n')).to.have.length(2);
    expect(usage.stderr).to.contain('a forecast of host.cpu looks 1s to 10min ahead, not 1d');
    expect((await ask('owner.demand', '--level', '100%')).exitCode).to.equal(3);
    expect((await ask('owner.demand', '--horizon', '1s,,2s')).exitCode).to.equal(3);
  });

  it('ends with 3 for a horizon of nothing or of a day, and for a level of 0% or 100%', async () => {
    const mistakes = [
      ['--horizon', '0s', 'looks 1s to 10min ahead, not 0s'],
      ['--horizon', '24h', 'looks 1s to 10min ahead, not '],
      ['--level', '0%', 'above 0% and below 100%'],
      ['--level', '100%', 'above 0% and below 100%'],
    ] as const;
    for (const [option, value, complaint] of mistakes) {
      const ended = await ask('owner.demand', option, value);
      expect(ended, `${option} ${value}`).to.include({ exitCode: 3, stdout: '' });
      expect(ended.stderr).to.contain(complaint);
    }
  });

  it('asks for more than one request takes in several', async () => {
    const horizons = Array.from({ length: 70 }, (_, at) => `${at + 1}s`).join(',');
    const ended = await ask('owner.demand', '--horizon', horizons, '--format', 'json');
    expect(ended.exitCode, ended.stderr).to.equal(0);
    expect(JSON.parse(ended.stdout).forecasts).to.have.length(70);
  });

  it('follows one forecast, a line for each sample, and ends by ^C or with its signal', async () => {
    expect((await ask('owner.demand', 'host.cpu', '-f')).stderr).to.contain('-f follows one forecast, not 2');
    const args = ['predict', 'owner.demand', '-f', '--format', 'json', '--socket', serving.socket];
    const { NODE_OPTIONS: _, ...env } = process.env;
    for (const [end, expected] of [
      [(child: ReturnType<typeof spawn>) => child.kill('SIGINT'), 0],
      [
        () => {
          serving.services.signals.forget('owner.demand');
          serving.services.sample({});
        },
        4,
      ],
    ] as const) {
      const child = spawn(VMC, args, { env });
      const lines = createInterface({ input: child.stdout! });
      const seen: ForecastUpdate[] = [];
      lines.on('line', (line) => {
        // Why it ended, where it did not by itself, follows in a form of its own.
        if (!line.startsWith('{"skipped"')) return;
        seen.push(JSON.parse(line));
        if (seen.length === 1) serving.services.sample({ 'owner.demand': 90 });
        if (seen.length === 2) end(child);
      });
      const [code] = (await once(child, 'close')) as [number];
      expect(code).to.equal(expected);
      expect(seen).to.have.length(2);
      for (const update of seen) expect([...Value.Errors(ForecastUpdateSchema, update)]).to.deep.equal([]);
    }
  });
});
