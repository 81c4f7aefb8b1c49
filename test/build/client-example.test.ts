import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { packageRoot } from '../../src/support/package-root.js';
import { type Serving, startServing } from '../api/serving.js';

const EXAMPLE = join(packageRoot(), 'examples', 'client', 'watch.mjs');

describe('the example of the client', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  async function run(...args: string[]) {
    const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
    const child = spawn(process.execPath, [EXAMPLE, ...args], { env });
    const [out, complaints, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    return { out, complaints, code };
  }

  it('tells of the daemon through the package as it is published', async () => {
    for (const message of ['one', 'two']) serving.services.events.append({ kind: 'finding', message }, 0);
    expect(await run(serving.socket, '2')).to.deep.equal({
      out: 'demo: mode calm, 1 guests\n1 one\n2 two\n',
      complaints: '',
      code: 0,
    });
  });

  it('says why it could not', async () => {
    const { complaints, code } = await run('/nowhere/vmcd.sock');
    expect([complaints, code]).to.deep.equal(['NO_DAEMON  no daemon listens on /nowhere/vmcd.sock\n', 4]);
  });

  it('is the one in docs/http.md', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'http.md'), 'utf8');
    expect(page).to.contain(readFileSync(EXAMPLE, 'utf8').trim());
  });
});
