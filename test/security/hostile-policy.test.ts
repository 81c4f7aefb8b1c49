import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { scratchDirectory } from '../cli/scratch.js';
import { documentOf, vmc } from '../cli/vmc.js';

interface Found {
  readonly code: string;
  readonly message: string;
}

/** A policy of anyone's, through the command that reads policies. Every one must end in 30 s, with a diagnostic and no bug. */
describe('a hostile policy', function () {
  this.timeout(120_000);
  const { path } = scratchDirectory();

  async function check(
    text: string,
    command = 'check',
  ): Promise<{ exitCode: number | null; found: readonly Found[] }> {
    writeFileSync(path('policy.vmc'), text);
    const ended = await vmc([command, path('policy.vmc'), '--format', 'json']);
    return { exitCode: ended.exitCode, found: (documentOf(ended)['diagnostics'] ?? []) as Found[] };
  }
  const CLASS = 'vm a { match name "a" and user "u"  vcpus 1 }\n';

  it('of ten megabytes is not read to its end', async () => {
    const { exitCode, found } = await check(`# ${'x'.repeat(10 * 1024 * 1024)}\n`);
    expect(exitCode).to.equal(1);
    expect(found).to.have.length(1);
  });

  it('overflows nothing, however deep it nests', async () => {
    const depth = 100_000;
    for (const text of [
      `${CLASS}let c = ${'('.repeat(depth)}weekdays${')'.repeat(depth)}\nwhen c { pause a }\n`,
      `${CLASS}let c = ${'not '.repeat(depth)}weekdays\nwhen c { pause a }\n`,
      `${CLASS}${'when weekdays { '.repeat(30_000)}pause a ${'}'.repeat(30_000)}\n`,
    ]) {
      const { exitCode, found } = await check(text);
      expect(exitCode, text.slice(50, 80)).to.equal(1);
      expect(found).not.to.deep.equal([]);
    }
  });

  it('with 10,000 classes, or 2^60 combinations of conditions, ends with a plan or a reason', async () => {
    const classes = Array.from(
      { length: 10_000 },
      (_, i) => `vm c${i} { match name "c${i}" and user "u"  vcpus 1 }`,
    );
    const many = await check([...classes, 'share cpu among c1 2, c2 1', ''].join('\n'));
    expect(many.exitCode).to.be.oneOf([0, 1]);
    const switches = Array.from(
      { length: 60 },
      (_, i) => `switch s${i}\nwhen s${i} { limit a to ${i + 1}% of cpu }`,
    );
    const modes = await check([CLASS, ...switches, ''].join('\n'), 'compile');
    expect(modes.exitCode).to.be.oneOf([0, 1, 2]);
    if (modes.exitCode !== 0) expect(modes.found).not.to.deep.equal([]);
  });

  it('imports nothing from outside its folder, and nothing for ever', async () => {
    mkdirSync(path('sub'), { recursive: true });
    symlinkSync('/etc', path('sub/etc'));
    writeFileSync(path('sub/loop.vmc'), 'import "loop.vmc"\nimport "../policy.vmc"\n');
    for (const imported of [
      '/etc/passwd',
      '../../../etc/passwd',
      'sub/etc/passwd',
      'sub/loop.vmc',
      '/dev/zero',
    ]) {
      const { exitCode, found } = await check(`import "${imported}"\n${CLASS}pause a\n`);
      expect(exitCode, imported).to.equal(1);
      expect(JSON.stringify(found), imported).not.to.contain('root:x:');
    }
  });
});
