import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { DiagnosticsSchema } from '../../src/api/diagnostics-schema.js';
import { type ExplanationDocument, ExplanationSchema } from '../../src/api/explanation-schema.js';
import { FACTS } from './facts.js';
import { scratchDirectory } from './scratch.js';
import { DEMO_POLICY, documentOf, vmc } from './vmc.js';

const POLICY = `
group batch up to 2 vms { match user "grid" vcpus 1 }
let busy = owner.demand > 60%
switch gaming
when busy { limit batch to 1 core }
when gaming { pause batch }
`;

const INFEASIBLE = `
vm a { match name "a" and user "root" vcpus 2 }
vm b { match name "b" and user "root" vcpus 2 }
reserve a 60ms every 100ms
reserve b 60ms every 100ms
`;

describe('vmc explain FILE SUBJECT', () => {
  const { write } = scratchDirectory();
  let host: readonly string[];
  let policy: string;
  before(() => {
    host = ['--host', write('facts.json', JSON.stringify(FACTS))];
    policy = write('lab.vmc', POLICY);
  });

  it('tells the ways in which a class is treated, in plain text where the output is no terminal', async () => {
    const ended = await vmc(['explain', policy, 'batch', ...host]);
    expect(ended).to.include({ exitCode: 0, stderr: '' });
    expect(ended.stdout).to.contain('3 ways').and.contain('when gaming').and.contain('(line 5)');
    expect(ended.stdout).to.not.contain('\u001b');
    expect((await vmc(['explain', policy, 'batch', ...host, '--color', 'always'])).stdout).to.contain(
      '\u001b[1m',
    );
  });

  it('answers as its schema has it, in all situations and in one', async () => {
    for (const more of [[], ['--given', 'gaming', '--given', 'owner.demand = 80%']]) {
      const document = documentOf(
        await vmc(['explain', policy, 'batch', ...host, ...more, '--format', 'json']),
      );
      expect([...Value.Errors(ExplanationSchema, document)]).to.deep.equal([]);
      const { explanation } = document as unknown as ExplanationDocument;
      expect(explanation?.aspects[0]?.treatments).to.have.length(more.length === 0 ? 3 : 1);
      expect(explanation?.conditions === null).to.equal(more.length === 0);
    }
  });

  it('says what the conditions are under what is given', async () => {
    const { stdout } = await vmc(['explain', policy, 'batch', ...host, '--given', 'owner.demand = 80%']);
    expect(stdout).to.contain('Given owner.demand = 80%:');
    expect(stdout).to.match(/busy +true +owner\.demand is 80%, which is > 60%/);
  });

  it('reads a policy from stdin', async () => {
    const ended = await vmc(['explain', '-', 'owner', ...host], { input: POLICY });
    expect(ended).to.include({ exitCode: 0, stderr: '' });
    expect(ended.stdout).to.contain('owner: everything that is not a guest');
  });

  it('ends with 3 for what is wrong in the arguments, and points into them', async () => {
    const wrong = await vmc(['explain', policy, 'batch', ...host, '--given', 'owner.demnd = 80%']);
    expect(wrong).to.include({ exitCode: 3, stdout: '' });
    expect(wrong.stderr).to.contain('--given:1:1').and.contain('owner.demand');
    const json = await vmc(['explain', policy, 'batch', ...host, '--at', 'noon', '--format', 'json']);
    expect(json.exitCode).to.equal(3);
    expect([...Value.Errors(ExplanationSchema, documentOf(json))]).to.deep.equal([]);
    const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
      [['batsch'], /no class, union or offer 'batsch'[\s\S]*did you mean 'batch'/],
      [['zzz'], /it is one of batch, guests, others, owner/],
      [['batch', '--given', 'gaming } pause batch'], /is not one fact/],
      [['batch', '--at', '2026-03-29 02:30'], /clocks go forward/],
    ];
    for (const [args, message] of mistakes) {
      const ended = await vmc(['explain', policy, ...args, ...host]);
      expect(ended, args.join(' ')).to.include({ exitCode: 3, stdout: '' });
      expect(ended.stderr).to.match(message);
    }
    const nobody = await vmc(['explain', policy]);
    expect(nobody).to.include({ exitCode: 3, stdout: '' });
    expect(nobody.stderr).to.contain("'owner'");
  });

  it('ends with 1 for a policy with errors and with 2 for one that cannot be kept', async () => {
    const bad = await vmc([
      'explain',
      write('bad.vmc', 'keep 1 corse for owner'),
      'owner',
      ...host,
      '--format=json',
    ]);
    expect(bad.exitCode).to.equal(1);
    expect([...Value.Errors(DiagnosticsSchema, documentOf(bad))]).to.deep.equal([]);
    const ended = await vmc(['explain', write('tight.vmc', INFEASIBLE), 'a', ...host]);
    expect(ended).to.include({ exitCode: 2, stdout: '' });
    expect(ended.stderr).to.contain('VMC4');
  });

  it('explains every class of the demonstration', async () => {
    for (const name of ['reserved', 'gold', 'silver', 'lent', 'owner', 'guests', 'others']) {
      const ended = await vmc(['explain', DEMO_POLICY, name, ...host]);
      expect(ended, name).to.include({ exitCode: 0, stderr: '' });
    }
  });
});
