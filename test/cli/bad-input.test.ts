import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { DiagnosticsSchema, ErrorSchema } from '../../src/api/diagnostics-schema.js';
import { scratchDirectory } from './scratch.js';
import { DEMO_POLICY, documentOf, vmc } from './vmc.js';

const MIB = 1024 * 1024;

/** Neither a frame of a stack nor the word for our own defects. */
const TRACE = /^\s+at |a bug in vmc/m;

describe('any file in place of a policy', () => {
  const { path, write } = scratchDirectory();

  const demo = readFileSync(DEMO_POLICY, 'utf8');
  const texts: Readonly<Record<string, string | Buffer>> = {
    'no byte': '',
    'white space': ' \n\t\r\n',
    'a comment': '# nothing yet',
    'a binary': Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 73) % 256)),
    'bytes that are no UTF-8': Buffer.from([0x76, 0x6d, 0xff, 0xfe, 0x0a]),
    'half a policy': demo.slice(0, demo.lastIndexOf('}')),
    '1 MiB of opening braces': '{'.repeat(MIB),
    'more than 1 MiB': `${demo}\n${'#'.repeat(MIB)}`,
    '1 MiB of opening parentheses': `let a = ${'('.repeat(MIB - 8)}`,
    'one endless line of words': 'keep '.repeat(200_000),
    JSON: '{"planVersion": 1}',
    'control characters': 'vm a\u001b[31m { match name "\u202e" }',
  };

  for (const [name, text] of Object.entries(texts)) {
    for (const command of ['check', 'compile']) {
      it(`ends vmc ${command} with diagnostics: ${name}`, async () => {
        const file = write('policy.vmc', text);
        const told = await vmc([command, file]);
        expect(told.stderr + told.stdout).to.not.match(TRACE);
        expect(told.stderr + told.stdout).to.not.contain('\u001b');
        const json = await vmc([command, file, '--format', 'json']);
        const document = documentOf(json);
        expect([...Value.Errors(DiagnosticsSchema, document)]).to.deep.equal([]);
        expect([told.exitCode, json.exitCode]).to.deep.equal([1, 1]);
        expect(document['diagnostics'], 'diagnostics').to.not.be.empty;
        expect(told.stderr).to.match(/VMC\d{4}/);
      });
    }
  }

  const unreadable: Readonly<Record<string, () => string>> = {
    'a file that is not there': () => path('missing.vmc'),
    'a directory': () => {
      mkdirSync(path('directory'), { recursive: true });
      return path('directory');
    },
    'a path through a file': () => `${DEMO_POLICY}/policy.vmc`,
    'a file that the kernel does not give': () => '/proc/self/mem',
  };
  for (const [name, make] of Object.entries(unreadable)) {
    it(`is refused when it cannot be read: ${name}`, async () => {
      const file = make();
      for (const command of ['check', 'compile', 'verify', 'enforce']) {
        const json = await vmc([command, file, '--format', 'json'], {
          env: { VMC_RUNTIME_DIR: path('run') },
        });
        expect([...Value.Errors(ErrorSchema, documentOf(json))]).to.deep.equal([]);
        expect(json.exitCode, command).to.equal(4);
      }
      const told = await vmc(['check', file]);
      expect(told).to.include({ exitCode: 4, stdout: '' });
      expect(told.stderr).to.contain(file).and.not.match(TRACE);
    });
  }

  it('is read to its limit where it has no end', async () => {
    const { exitCode, stderr } = await vmc(['check', '/dev/zero']);
    expect(exitCode).to.equal(1);
    expect(stderr).to.contain('1048576');
  });

  it('may be a pipe that nobody writes to, or standard input', async () => {
    execFileSync('mkfifo', [path('fifo')]);
    const fifo = await vmc(['check', path('fifo')]);
    expect(fifo.stderr).to.not.match(TRACE);
    expect(await vmc(['check', '-'], { input: demo })).to.include({ exitCode: 0 });
    expect(await vmc(['check', '-'], { input: 'keep 1 corse for owner' })).to.include({ exitCode: 1 });
  });
});
