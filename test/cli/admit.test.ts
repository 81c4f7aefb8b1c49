import { readFileSync } from 'node:fs';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { AdmissionSchema } from '../../src/api/admission-schema.js';
import type { Plan } from '../../src/compiler/plan.js';
import { planChecksum } from '../../src/compiler/plan-checksum.js';
import { FACTS } from './facts.js';
import { scratchDirectory } from './scratch.js';
import { documentOf, vmc } from './vmc.js';

const POLICY = 'vm held { match name "held" and user "u" vcpus 1 }\nreserve held 40ms every 100ms\n';
const REQUEST = (budgetMs: number) =>
  `vm new { match name "new" and user "u" vcpus 2 }\nreserve new ${budgetMs}ms every 100ms\n`;

describe('vmc admit', () => {
  const { path, write } = scratchDirectory();
  let plan: string;

  before(async () => {
    plan = path('plan.json');
    const host = write('host.json', JSON.stringify(FACTS));
    const { exitCode, stderr } = await vmc([
      'compile',
      write('policy.vmc', POLICY),
      '--host',
      host,
      '-o',
      plan,
    ]);
    expect(exitCode, stderr).to.equal(0);
  });

  const admit = (...args: readonly string[]) => vmc(['admit', plan, ...args]);

  it('says yes and what the request would get, with exit code 0', async () => {
    const { exitCode, stdout } = await admit(write('small.vmc', REQUEST(20)));
    expect(exitCode).to.equal(0);
    expect(stdout)
      .to.match(/^yes: new .*\n {2}fits in mode "always"/)
      .and.include('vCPUs: 20ms every 100ms');
  });

  it('says no and what would be admitted, with exit code 2', async () => {
    const { exitCode, stdout } = await admit(write('large.vmc', REQUEST(90)));
    expect(exitCode).to.equal(2);
    expect(stdout).to.match(/^no: new .*would be admitted: reserve \S+ every 100ms/s);
  });

  it('writes a document as published, from standard input as well', async () => {
    const ended = await vmc(['admit', plan, '-', '--format', 'json'], { input: REQUEST(90) });
    const document = documentOf(ended);
    expect(ended.exitCode).to.equal(2);
    expect([...Value.Errors(AdmissionSchema, document)]).to.deep.equal([]);
  });

  it('has exit code 1 for a request with errors, or that is none', async () => {
    const wrong = await admit(write('wrong.vmc', 'reserve nobody 1ms every'));
    expect([wrong.exitCode, wrong.stdout]).to.deep.equal([1, '']);
    expect(wrong.stderr).to.include('error[VMC1');
    const none = await admit(write('none.vmc', 'keep 1 core for owner'));
    expect(none.exitCode).to.equal(1);
    expect(none.stderr).to.include('one class or one offer');
  });

  it('has exit code 4 for what cannot be read, or does not prove what it promises', async () => {
    const request = write('small.vmc', REQUEST(20));
    expect((await admit(path('missing.vmc'))).exitCode).to.equal(4);
    expect((await vmc(['admit', path('missing.json'), request])).exitCode).to.equal(4);
    expect((await vmc(['admit', request, request])).exitCode).to.equal(4);
  });

  it('says of a plan with a host that is none what is wrong with it and where', async () => {
    const request = write('small.vmc', REQUEST(20));
    const hosts = [
      ['cgroup', undefined, '/host/cgroup'],
      ['mechanisms', null, '/host/mechanisms'],
    ] as const;
    for (const [field, value, place] of hosts) {
      const compiled = JSON.parse(readFileSync(plan, 'utf8')) as Plan;
      const other = { ...compiled, host: { ...compiled.host, [field]: value } };
      const checksum = planChecksum(other);
      const file = write(
        `no-${field}.json`,
        JSON.stringify({ ...other, certificate: { ...other.certificate, checksum } }),
      );
      const admitted = await vmc(['admit', file, request]);
      expect([admitted.exitCode, admitted.stdout]).to.deep.equal([4, '']);
      expect(admitted.stderr).to.include(place);
      const verified = await vmc(['verify', file]);
      expect(verified.exitCode).to.equal(1);
      expect(verified.stderr).to.include(place);
    }
  });

  it('has exit code 2 for what the host has no mechanism for, as vmc compile has', async () => {
    const host = write('weak.json', JSON.stringify({ ...FACTS, deadlineLimit: 0 }));
    const weak = path('weak-plan.json');
    const held = 'vm held { match name "held" and user "u" vcpus 1 }\n';
    const compiled = await vmc(['compile', write('weak.vmc', held), '--host', host, '-o', weak]);
    expect(compiled.exitCode, compiled.stderr).to.equal(0);
    const { exitCode, stdout, stderr } = await vmc(['admit', weak, write('small.vmc', REQUEST(20))]);
    expect(exitCode).to.equal(2);
    expect(stdout).to.match(/^no: new .*\[VMC5002\]/s);
    expect(stderr).to.include('error[VMC5002]');
  });

  it('needs a plan and a request, and of the daemon the request alone', async () => {
    expect((await vmc(['admit', plan])).exitCode).to.equal(3);
    expect((await vmc(['admit', '--live', plan, plan])).exitCode).to.equal(3);
    const { exitCode, stderr } = await vmc([
      'admit',
      '--live',
      write('small.vmc', REQUEST(20)),
      '--socket',
      path('no.sock'),
    ]);
    expect(exitCode).to.equal(4);
    expect(stderr).to.include('vmc enforce');
  });
});
