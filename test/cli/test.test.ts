import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { type TestsDocument, TestsSchema } from '../../src/api/tests-schema.js';
import { run } from '../../src/cli/main.js';
import { packageRoot } from '../../src/support/package-root.js';
import { FACTS } from './facts.js';
import { scratchDirectory } from './scratch.js';
import { VMC, vmc } from './vmc.js';

const POLICY = `host { cores 8 timezone "Europe/Berlin" }
group batch up to 6 vms { match user "grid" vcpus 1 }
switch gaming
let office = weekdays 09:00-17:30
when office { limit batch to 25% of cpu }
when gaming { pause batch }
`;
const PASSING = `test "a game stops batch" { given gaming expect batch paused }\n`;
const FAILING = `test "batch is out of the way" { at 2026-11-21 10:00 expect batch at most 25% of cpu }\n`;

/** Runs `vmc test` in this process. */
async function vmcTest(...args: readonly string[]) {
  const ended = { stdout: '', stderr: '', exitCode: 0 };
  const io = {
    stdout: { write: (text: string) => (ended.stdout += text) },
    stderr: { write: (text: string) => (ended.stderr += text) },
    env: {},
  };
  ended.exitCode = await run(['test', ...args], io);
  return ended;
}

describe('vmc test', () => {
  const { path, write } = scratchDirectory();
  let facts: string;
  before(() => {
    facts = write('facts.json', JSON.stringify(FACTS));
  });
  const file = (text: string, name = 'lab.vmc') => write(name, POLICY + text);
  const test = (name: string, ...args: readonly string[]) => vmcTest(name, '--host', facts, ...args);

  it('tells a line of every test, and ends with 0 when all pass', async () => {
    const { stdout, stderr, exitCode } = await test(file(PASSING));
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
    expect(stdout).to.contain('pass  a game stops batch').and.contain('1 test: all passed; 1 of 2 sentences');
  });

  it('tells what a failing test expected, what it got and which sentences decide it, and ends with 1', async () => {
    const name = file(PASSING + FAILING);
    const { stdout, exitCode } = await test(name);
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain('FAIL  batch is out of the way');
    expect(stdout).to.contain(`---- batch is out of the way (${name}:8) ----`);
    expect(stdout).to.contain(
      'error[VMC3021]: Expected batch at most 2 cores (25% of cpu), but it can get 6 cores (75% of cpu).',
    );
    expect(stdout).to.match(/\^{30,}/);
    expect(stdout)
      .to.contain('limit batch to 25% of cpu')
      .and.contain('is not in force here: office is false');
    expect(stdout).to.contain('2 tests: 1 failed, 1 passed');
  });

  it('says which sentences no test activates', async () => {
    const name = file(PASSING);
    const { stdout } = await test(name);
    expect(stdout).to.contain(
      `Sentences that no test activates:\n  ${name}:5:15  limit batch to 25% of cpu\n`,
    );
  });

  it('counts with --coverage the tests of each sentence, and lists the modes that none is in', async () => {
    const name = file(PASSING + FAILING);
    const { stdout } = await test(name, '--coverage');
    expect(stdout).to.contain(`  0  ${name}:5:15  limit batch to 25% of cpu`);
    expect(stdout).to.contain(`  1  ${name}:6:15  pause batch`);
    expect(stdout).to.contain(
      `${name}: 1 of 4 modes tested; not these:\n  office, gaming, for example at 2026-`,
    );
  });

  it('leaves out with -q what is neither a failure nor a total', async () => {
    const { stdout } = await test(file(PASSING + FAILING), '-q');
    expect(stdout).to.not.contain('pass  ').and.not.contain('no test activates');
    expect(stdout).to.contain('VMC3021').and.contain('2 tests');
  });

  it('answers one JSON document, as its schema has it', async () => {
    const { stdout, exitCode } = await test(file(PASSING + FAILING), '--format', 'json');
    expect(exitCode).to.equal(1);
    const document = JSON.parse(stdout) as TestsDocument;
    expect([...Value.Errors(TestsSchema, document)]).to.deep.equal([]);
    expect(document).to.include({ passed: 1, failed: 1 });
    expect(document.diagnostics.map(({ code }) => code)).to.deep.equal(['VMC3021']);
    const expectations = document.files[0]?.tests.flatMap((one) => one.expectations) ?? [];
    expect(expectations.map(({ met, got }) => ({ met, got }))).to.deep.equal([
      { met: true, got: 'it is paused' },
      { met: false, got: 'it can get 6 cores (75% of cpu)' },
    ]);
    expect(document.files[0]?.coverage?.modes?.untested).to.have.length(3);
  });

  it('says of a file without tests that it has none, and ends with 0', async () => {
    const name = file('');
    const { stdout, exitCode } = await test(name);
    expect(exitCode).to.equal(0);
    expect(stdout).to.equal(`${name}: no tests\n`);
  });

  it('counts a sentence of an imported file as activated by the tests of any file', async () => {
    write('common.vmc', `${POLICY}`);
    const [one, two] = [
      write('one.vmc', `import "common.vmc"\n${PASSING}`),
      write('two.vmc', `import "common.vmc"\n${FAILING}`),
    ];
    const { stdout } = await vmcTest(one, two, '--host', facts);
    expect(stdout).to.contain('common.vmc:5:15  limit batch').and.not.contain('common.vmc:6:15');
    expect(stdout).to.contain('2 tests: 1 failed, 1 passed; 1 of 2 sentences activated');
  });

  it('exits with 2 where all that is wrong is that no schedule keeps the policy', async () => {
    const { stderr, exitCode } = await test(
      file(`vm video { match user "v" vcpus 9 }\nreserve video 9ms every 9ms\n${PASSING}`),
    );
    expect(stderr).to.include('VMC4001');
    expect(exitCode).to.equal(2);
  });

  it('reports errors of a policy on stderr, tests nothing that has errors in its text, and ends with 1', async () => {
    const { stdout, stderr, exitCode } = await test(file('limit bacth to 1 core\n'));
    expect(exitCode).to.equal(1);
    expect(stderr).to.contain('VMC2001').and.contain('bacth');
    expect(stdout).to.contain('not tested, for it has errors');
  });

  it('reports an assertion that does not hold, and runs the tests all the same', async () => {
    const { stdout, stderr, exitCode } = await test(file(`assert batch at most 2 cores\n${PASSING}`));
    expect(exitCode).to.equal(1);
    expect(stderr).to.contain('VMC3020');
    expect(stdout).to.contain('pass  a game stops batch');
  });

  it('shows a conflict once, however many tests run into it', async () => {
    const conflict = 'switch mad\nwhen mad { run batch 100ms every 1s\nrun batch 200ms every 1s }\n';
    const tests = ['one', 'two'].map(
      (title) => `test "${title}" { given mad expect batch at most 6 cores }\n`,
    );
    const { stdout, stderr } = await test(file(conflict + tests.join('')));
    expect(stderr.match(/VMC3001/g)).to.have.length(1);
    expect(stdout.match(/The policy cannot be kept in this situation: VMC3001/g)).to.have.length(2);
  });

  it('shows nothing that a terminal would obey', async () => {
    const { stdout } = await test(file('test "\u001b[31mred" { expect batch paused }\n'), '--color', 'never');
    expect(stdout).to.not.contain('\u001b');
  });

  it('prints what docs/testing-policies.md shows', async () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'testing-policies.md'), 'utf8');
    const [, policy = ''] = /```vmc whole\n([\s\S]*?)```/.exec(page) ?? [];
    const shown = [...page.matchAll(/(?:^ {4}.*\n|^\n(?= {4}))+/gm)].map(([text]) =>
      text.replace(/^ {4}/gm, '').trim(),
    );
    const printed = async (text: string) => {
      const name = write('lab.vmc', text);
      return (await test(name)).stdout.replaceAll(name, 'lab.vmc');
    };
    expect(`$ vmc test lab.vmc\n${await printed(policy)}`.trim()).to.equal(shown[0]);
    expect(await printed(policy.replace('10:00', '18:00'))).to.contain(shown[1]);
  });

  it('ends with 4 when a file cannot be read', async () => {
    expect((await vmc(['test', path('missing.vmc'), '--host', facts])).exitCode).to.equal(4);
  });

  it('takes neither JSON nor stdin together with --watch', async () => {
    expect((await vmc(['test', file(PASSING), '--watch', '--format', 'json'])).exitCode).to.equal(3);
    expect((await vmc(['test', '-', '--watch'])).exitCode).to.equal(3);
  });

  describe('--watch', () => {
    let child: ChildProcessByStdio<null, Readable, Readable> | null = null;
    afterEach(() => child?.kill('SIGKILL'));

    /** Starts it, and answers how to wait for what it says next. */
    function start(name: string) {
      const started = spawn(VMC, ['test', '--watch', name, '--host', facts], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      let output = '';
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (data) => (output += String(data)));
      const ended = new Promise<number | null>((resolve) => started.once('close', resolve));
      const until = async (text: string): Promise<string> => {
        const deadline = Date.now() + 20_000;
        while (!output.includes(text)) {
          if (Date.now() > deadline) throw new Error(`no "${text}" in: ${output}`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const said = output;
        output = '';
        return said;
      };
      return { until, ended, started };
    }

    it('runs again at every change of a file or of one that it imports, and ^C ends it', async () => {
      write('shared.vmc', POLICY);
      const name = write('watched.vmc', `import "shared.vmc"\n${PASSING}`);
      const { until, ended, started } = start(name);
      expect(await until('^C ends'))
        .to.contain('1 test: all passed')
        .and.not.contain('\u001b');
      writeFileSync(name, `import "shared.vmc"\n${PASSING}${FAILING}`);
      expect(await until('^C ends')).to.contain('2 tests: 1 failed');
      writeFileSync(path('shared.vmc'), POLICY.replace('when office', 'when not gaming'));
      expect(await until('^C ends')).to.contain('2 tests: all passed');
      started.kill('SIGINT');
      expect(await ended).to.equal(0);
    });

    it('waits for a file that is gone to come back', async () => {
      const name = file(PASSING, 'coming.vmc');
      const { until, ended, started } = start(name);
      await until('^C ends');
      renameSync(name, path('gone.vmc'));
      expect(await until('^C ends')).to.contain('there is no such file');
      renameSync(path('gone.vmc'), name);
      expect(await until('^C ends')).to.contain('1 test: all passed');
      started.kill('SIGTERM');
      expect(await ended).to.equal(0);
    });
  });
});
