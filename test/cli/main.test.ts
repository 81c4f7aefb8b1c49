import { expect } from 'chai';
import { run } from '../../src/cli/main.js';
import { DEMO_POLICY } from './vmc.js';

/** A run whose standard output fails as nothing in vmc foresees. */
async function runBroken(argv: readonly string[], env: Readonly<Record<string, string>>) {
  let stderr = '';
  const stdout = {
    write: () => {
      throw new TypeError('the roof fell in');
    },
  };
  const complaints = { write: (text: string) => (stderr += text) };
  return { exitCode: await run(argv, { stdout, stderr: complaints, env }), stderr };
}

describe('a defect of vmc', () => {
  it('ends with 70 and says that it is one, without a stack', async () => {
    const { exitCode, stderr } = await runBroken(['check', DEMO_POLICY], {});
    expect(exitCode).to.equal(70);
    expect(stderr).to.contain('a bug in vmc').and.contain('the roof fell in').and.contain('VMC_DEBUG=1');
    expect(stderr).to.not.match(/^\s+at /m);
  });

  it('shows where it is when asked to', async () => {
    const { stderr } = await runBroken(['check', DEMO_POLICY], { VMC_DEBUG: '1' });
    expect(stderr).to.match(/^\s+at .*main\.ts/m);
  });
});
