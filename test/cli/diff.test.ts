import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { type PolicyDiffDocument, PolicyDiffSchema } from '../../src/api/policy-diff-schema.js';
import { FACTS } from './facts.js';
import { scratchDirectory } from './scratch.js';
import { documentOf, vmc } from './vmc.js';

const OLD = `
group batch up to 2 vms { match user "grid" vcpus 1 }
let busy = owner.demand > 60%
when busy { limit batch to 1 core }
`;
const NEW = OLD.replace('1 core', '0.5 cores');

const INFEASIBLE = `
vm a { match name "a" and user "root" vcpus 2 }
vm b { match name "b" and user "root" vcpus 2 }
reserve a 60ms every 100ms
reserve b 60ms every 100ms
`;

describe('vmc diff', () => {
  const { write } = scratchDirectory();
  let host: readonly string[];
  let old: string;
  let now: string;
  before(() => {
    host = ['--host', write('facts.json', JSON.stringify(FACTS))];
    old = write('old.vmc', OLD);
    now = write('new.vmc', NEW);
  });

  it('ends with 0, and shows for whom what changes from which sentence to which', async () => {
    const ended = await vmc(['diff', old, now, ...host]);
    expect(ended).to.include({ exitCode: 0, stderr: '' });
    expect(ended.stdout).to.contain('at most 1 core (50% of cpu) → at most 0.5 cores (25% of cpu)');
    expect(ended.stdout)
      .to.contain(`- limit batch to 1 core  (${old}:4)`)
      .and.contain('when busy (or unknown)');
    expect(ended.stdout).to.not.contain('\u001b');
  });

  it('answers as its schema has it', async () => {
    const document = documentOf(await vmc(['diff', old, now, ...host, '--format', 'json']));
    expect([...Value.Errors(PolicyDiffSchema, document)]).to.deep.equal([]);
    const { diff } = document as unknown as PolicyDiffDocument;
    expect(diff).to.deep.include({ equal: false, modes: 3, declarations: [] });
    expect(diff?.changes.map(({ subjects }) => subjects)).to.deep.equal([['batch']]);
  });

  it('says that a policy is equal in effect, or nothing when it is to be quiet', async () => {
    const same = write('same.vmc', `# other words\n${OLD.replace('1 core', '50% of cpu')}`);
    expect((await vmc(['diff', old, same, ...host])).stdout).to.contain('the same effect: in all 3 modes');
    expect(await vmc(['diff', old, same, ...host, '-q'])).to.deep.equal({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('reads one of the two from stdin', async () => {
    const ended = await vmc(['diff', '-', now, ...host], { input: OLD });
    expect(ended).to.include({ exitCode: 0, stderr: '' });
    expect(ended.stdout).to.contain('limit batch to 0.5 cores');
  });

  it('ends with 1 for errors in either policy, and with 2 for one that cannot be kept', async () => {
    const bad = write('bad.vmc', 'keep 1 corse for owner');
    expect(await vmc(['diff', bad, now, ...host])).to.include({ exitCode: 1, stdout: '' });
    expect(await vmc(['diff', old, bad, ...host])).to.include({ exitCode: 1, stdout: '' });
    const tight = write('tight.vmc', INFEASIBLE);
    const ended = await vmc(['diff', old, tight, ...host, '--format', 'json']);
    expect(ended.exitCode).to.equal(2);
    expect(documentOf(ended)).to.not.have.property('diff');
    expect([...Value.Errors(PolicyDiffSchema, documentOf(ended))]).to.deep.equal([]);
  });

  it('ends with 4 where a policy cannot be read', async () => {
    expect((await vmc(['diff', old, '/nonexistent.vmc', ...host])).exitCode).to.equal(4);
  });
});
