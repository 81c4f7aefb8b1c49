import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../../src/support/package-root.js';
import { FACTS } from '../cli/facts.js';
import { VMC } from '../cli/vmc.js';
import { skipBecause } from '../support/skip-because.js';

const TIMEOUT_MS = 120_000;

const POLICY = `group batch up to 6 vms { match user "grid"   vcpus 1 }
let office =weekdays 09:00-12:00
switch gaming
when offce and not gaming {
run batch 200ms every 1s
}
`;
const FORMATTED = `group batch up to 6 vms { match user "grid"  vcpus 1 }
let office = weekdays 09:00-12:00
switch gaming
when office and not gaming {
  run batch 200ms every 1s
}`;

interface Outcome {
  readonly problem?: string;
  readonly filetype: string;
  readonly diagnostic: { readonly line: number; readonly code: string; readonly message: string };
  readonly fixed: string;
  readonly formatted: string;
  readonly hover: string;
  readonly definition: string;
  readonly renamed: string;
  readonly completion: readonly string[];
}

describe('Neovim, configured as docs/editors.md says', function () {
  this.timeout(TIMEOUT_MS + 10_000);
  let folder: string;
  let outcome: Outcome;

  before(async function () {
    if (spawnSync('nvim', ['--version']).status !== 0) {
      skipBecause(this, 'Neovim is not installed: apt-get install neovim');
    }
    folder = mkdtempSync(join(tmpdir(), 'vmc-nvim-'));
    outcome = await drive();
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  async function drive(): Promise<Outcome> {
    for (const name of ['bin', 'config/nvim', 'data', 'state'])
      mkdirSync(join(folder, name), { recursive: true });
    symlinkSync(VMC, join(folder, 'bin', 'vmc'));
    writeFileSync(join(folder, 'config/nvim/init.lua'), configuration());
    writeFileSync(join(folder, 'policy.vmc'), POLICY);
    const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
    const script = fileURLToPath(new URL('./neovim.lua', import.meta.url));
    await promisify(execFile)('nvim', ['--headless', '-i', 'NONE', '-n', '-c', `luafile ${script}`], {
      timeout: TIMEOUT_MS,
      cwd: folder,
      env: {
        ...env,
        PATH: `${join(folder, 'bin')}:${env['PATH']}`,
        HOME: folder,
        XDG_CONFIG_HOME: join(folder, 'config'),
        XDG_DATA_HOME: join(folder, 'data'),
        XDG_STATE_HOME: join(folder, 'state'),
        XDG_CACHE_HOME: join(folder, 'state'),
        VMC_POLICY: join(folder, 'policy.vmc'),
        VMC_OUTCOME: join(folder, 'outcome.json'),
      },
    });
    return JSON.parse(readFileSync(join(folder, 'outcome.json'), 'utf8')) as Outcome;
  }

  /** The page's own, with the facts of a host that is nobody's. */
  function configuration(): string {
    const page = readFileSync(join(packageRoot(), 'docs', 'editors.md'), 'utf8');
    const lua = /```lua\n(.*?)```/s.exec(page)?.[1] ?? '';
    const facts = join(folder, 'facts.json');
    writeFileSync(facts, JSON.stringify(FACTS));
    const command = "cmd = { 'vmc', 'lsp' }";
    expect(lua).to.contain(command);
    return lua.replace(command, `cmd = { 'vmc', 'lsp', '--host', '${facts}' }`);
  }

  it('shows the mistake in a policy', () => {
    expect(outcome.problem).to.equal(undefined);
    expect(outcome.filetype).to.equal('vmc');
    expect(outcome.diagnostic).to.include({ line: 3, code: 'VMC2001' });
    expect(outcome.diagnostic.message).to.contain('offce');
  });

  it('applies its quick fix', () => {
    expect(outcome.fixed).to.equal(POLICY.replace('offce', 'office').trimEnd());
  });

  it('formats the policy', () => {
    expect(outcome.formatted).to.equal(FORMATTED);
  });

  it('shows what a sentence compiles to in a window over it', () => {
    expect(outcome.hover).to.contain('duty').and.contain('200ms every 1s').and.contain('longest gap');
  });

  it('jumps to a declaration and renames what it declares', () => {
    expect(outcome.definition).to.equal('let office = weekdays 09:00-12:00');
    expect(outcome.renamed).to.equal(FORMATTED.replaceAll('office', 'working-hours'));
  });

  it('completes names', () => {
    expect(outcome.completion).to.include('batch');
  });
});
