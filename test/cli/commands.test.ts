import { readFileSync } from 'node:fs';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { DiagnosticsSchema, ErrorSchema } from '../../src/api/diagnostics-schema.js';
import { FactsSchema } from '../../src/compiler/facts-schema.js';
import { PlanSchema } from '../../src/compiler/plan-schema.js';
import { FACTS } from './facts.js';
import { scratchDirectory } from './scratch.js';
import { DEMO_POLICY, documentOf, vmc } from './vmc.js';

const INFEASIBLE = `
vm a { match name "a" and user "root" vcpus 2 }
vm b { match name "b" and user "root" vcpus 2 }
reserve a 60ms every 100ms
reserve b 60ms every 100ms
`;

describe('vmc', () => {
  const { path, write } = scratchDirectory();
  let facts: string;
  before(() => {
    facts = write('facts.json', JSON.stringify(FACTS));
  });

  describe('compile', () => {
    it('shows a plan, in plain text where the output is no terminal', async () => {
      const ended = await vmc(['compile', DEMO_POLICY, '--host', facts]);
      expect(ended.exitCode, ended.stderr).to.equal(0);
      expect(ended.stdout).to.contain('reserved').and.contain('20ms every 100ms').and.not.contain('\u001b');
    });

    it('answers the plan and the diagnostics as JSON, each as its schema has it', async () => {
      const ended = await vmc(['compile', DEMO_POLICY, '--host', facts, '--format', 'json']);
      const document = documentOf(ended);
      expect([...Value.Errors(DiagnosticsSchema, document)]).to.deep.equal([]);
      expect([...Value.Errors(PlanSchema, document['plan'])]).to.deep.equal([]);
    });

    it('writes the plan alone to a file, the same bytes each time, and verify finds it proved', async () => {
      const [first, second] = [path('first.json'), path('second.json')];
      for (const file of [first, second]) {
        const ended = await vmc(['compile', DEMO_POLICY, '--host', facts, '-q', '-o', file]);
        expect(ended).to.include({ exitCode: 0, stdout: '' });
      }
      const bytes = readFileSync(first, 'utf8');
      expect(readFileSync(second, 'utf8')).to.equal(bytes);
      expect([...Value.Errors(PlanSchema, JSON.parse(bytes))]).to.deep.equal([]);
      expect(await vmc(['verify', first])).to.include({ exitCode: 0, stderr: '' });
    });

    it('compiles for the machine it runs on when no facts are given', async () => {
      const ended = await vmc(['compile', DEMO_POLICY, '--format=json']);
      expect(documentOf(ended), ended.stdout).to.have.property('diagnostics');
      expect([0, 2]).to.include(ended.exitCode);
    });

    it('ends with 2 when a policy is well-formed but cannot be kept', async () => {
      const ended = await vmc([
        'compile',
        write('tight.vmc', INFEASIBLE),
        '--host',
        facts,
        '--format',
        'json',
      ]);
      expect(ended.exitCode).to.equal(2);
      expect(documentOf(ended)).to.not.have.property('plan');
      expect([...Value.Errors(DiagnosticsSchema, documentOf(ended))]).to.deep.equal([]);
    });

    it('refuses what are no host facts, with the place', async () => {
      const mistakes = [
        '',
        '[]',
        '{',
        JSON.stringify({ ...FACTS, cores: 0 }),
        JSON.stringify({ ...FACTS, timezone: 'Mars' }),
      ];
      for (const mistake of mistakes) {
        const ended = await vmc([
          'compile',
          DEMO_POLICY,
          '--host',
          write('bad.json', mistake),
          '--format',
          'json',
        ]);
        expect(ended.exitCode, mistake).to.equal(4);
        expect([...Value.Errors(ErrorSchema, documentOf(ended))]).to.deep.equal([]);
      }
      const told = await vmc([
        'compile',
        DEMO_POLICY,
        '--host',
        write('bad.json', JSON.stringify({ ...FACTS, tickNs: -1 })),
      ]);
      expect(told.stderr).to.contain('/tickNs');
    });

    it('refuses a place that the plan cannot be written to', async () => {
      const ended = await vmc(['compile', DEMO_POLICY, '--host', facts, '-o', '/nonexistent/plan.json']);
      expect(ended).to.include({ exitCode: 4, stdout: '' });
    });
  });

  describe('check', () => {
    it('checks each file on its own and tells which has errors', async () => {
      const bad = write('bad.vmc', 'keep 1 corse for owner\n');
      const ended = await vmc(['check', DEMO_POLICY, bad]);
      expect(ended.exitCode).to.equal(1);
      expect(ended.stderr).to.contain(`${bad}:1:8`).and.not.contain(`${DEMO_POLICY}:`);
      expect(ended.stdout).to.equal('');
    });

    it('says nothing about good files when it is to be quiet', async () => {
      expect(await vmc(['check', DEMO_POLICY, '-q'])).to.deep.equal({ exitCode: 0, stdout: '', stderr: '' });
    });

    it('colours when told to', async () => {
      const bad = write('bad.vmc', 'keep 1 corse for owner\n');
      expect((await vmc(['check', bad, '--color', 'always'])).stderr).to.contain('\u001b[');
      expect((await vmc(['check', bad, '--color', 'never'])).stderr).to.not.contain('\u001b[');
    });
  });

  describe('verify', () => {
    it('says what a plan promises without proof', async () => {
      const file = path('forged.json');
      await vmc(['compile', DEMO_POLICY, '--host', facts, '-q', '-o', file]);
      const plan = JSON.parse(readFileSync(file, 'utf8')) as {
        schedules: { servers: { budgetNs: number }[] }[];
      };
      for (const { servers } of plan.schedules) for (const server of servers) server.budgetNs *= 2;
      const ended = await vmc(['verify', write('forged.json', JSON.stringify(plan)), '--format', 'json']);
      expect(ended.exitCode).to.equal(1);
      expect(documentOf(ended)).to.have.property('verified', false);
    });

    it('ends with 1 for what is no plan', async () => {
      for (const text of ['', '{}', '{"planVersion":2}', 'vm a {}', '[1]']) {
        expect((await vmc(['verify', write('no-plan.json', text)])).exitCode, text).to.equal(1);
      }
    });
  });

  describe('explain', () => {
    it('shows the page of a diagnostic', async () => {
      const page = readFileSync(new URL('../../docs/errors/VMC4001.md', import.meta.url), 'utf8');
      expect((await vmc(['explain', 'vmc4001'])).stdout.trim()).to.equal(page.trim());
    });

    it('suggests the nearest code for one that there is not', async () => {
      const ended = await vmc(['explain', 'VMC4O01']);
      expect(ended).to.include({ exitCode: 3, stdout: '' });
      expect(ended.stderr).to.match(/did you mean VMC4\d01/);
    });
  });

  describe('facts', () => {
    it('answers what compile --host takes', async () => {
      const document = documentOf(await vmc(['facts', '--nominal', '--format', 'json']));
      expect([...Value.Errors(FactsSchema, document)]).to.deep.equal([]);
      const own = write('own.json', JSON.stringify(document));
      expect([0, 2]).to.include((await vmc(['compile', DEMO_POLICY, '--host', own])).exitCode);
    });
  });

  describe('sense', () => {
    it('answers as many samples as asked for', async () => {
      const ended = await vmc([
        'sense',
        'host.cpu',
        '--interval',
        '50ms',
        '--count',
        '2',
        '--format',
        'json',
      ]);
      const { samples } = documentOf(ended) as { samples: { signals: Record<string, number> }[] };
      expect(samples).to.have.length(2);
      for (const { signals } of samples) expect(signals['host.cpu']).to.be.within(0, 100);
    });

    it('takes a signal of a class, which only the daemon records', async () => {
      const ended = await vmc(['sense', 'pair.cpu', '--interval', '50ms', '--format', 'json']);
      expect(ended.exitCode, ended.stderr).to.equal(0);
    });

    it('refuses intervals and counts that are none', async () => {
      expect((await vmc(['sense', '--interval', '1h'])).exitCode).to.equal(3);
      expect((await vmc(['sense', '--count', 'many'])).exitCode).to.equal(3);
    });
  });

  describe('without a daemon', () => {
    it('says so, and how to start one', async () => {
      const env = { VMC_RUNTIME_DIR: path('nowhere') };
      for (const args of [['status'], ['predict', 'owner.demand'], ['set', 'gaming', 'on']]) {
        const ended = await vmc([...args, '--format', 'json'], { env });
        expect(ended.exitCode, args.join(' ')).to.equal(4);
        expect(documentOf(ended)).to.have.nested.property('error.code', 'NO_DAEMON');
        expect(documentOf(ended)).to.have.nested.property('error.hint').that.contains('vmc enforce');
      }
    });

    it('has nothing to release', async () => {
      const ended = await vmc(['release'], { env: { VMC_RUNTIME_DIR: path('nowhere') } });
      expect(ended).to.include({ exitCode: 0, stderr: '' });
    });
  });
});
