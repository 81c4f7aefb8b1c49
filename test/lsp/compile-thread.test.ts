import { expect } from 'chai';
import type { CompileOutcome } from '../../src/lsp/compile/compile-job.js';
import { CompileThread } from '../../src/lsp/compile/compile-thread.js';
import { FACTS } from '../cli/facts.js';

const policy = (text: string) => {
  const root = { file: '/policy.vmc', text };
  return { root, files: [root], facts: FACTS };
};
const CLASS = 'vm a { match user x  vcpus 1 }\n';

/** As many modes as there may be: it takes a while. */
const SLOW = `${CLASS}${Array.from({ length: 7 }, (_, i) => `switch s${i}\nwhen s${i} { limit a to ${100 - i}% of a core }`).join('\n')}\n`;

describe('compiling in a thread', () => {
  let thread: CompileThread;
  beforeEach(() => {
    thread = new CompileThread();
  });
  afterEach(() => thread.stop());

  const compiled = (text: string, key = 'key'): Promise<CompileOutcome | null> =>
    new Promise((resolve) => thread.request(key, policy(text), resolve));

  it('tells what the compiler says, and what each sentence became', async () => {
    const outcome = await compiled(`${CLASS}reserve a 20ms every 100ms\nassert a at least 10% of a core\n`);
    expect(outcome?.diagnostics).to.deep.equal([]);
    expect(outcome?.sentences?.[0]?.markdown).to.match(
      /by \*\*reservation\*\*: 20ms every 100ms .*\n.*\nalways/s,
    );
    expect(outcome?.sentences?.[1]?.markdown).to.contain('checked');
    const refused = await compiled(`${CLASS}reserve a 90ms every 91ms\n`);
    expect(refused?.sentences).to.equal(null);
    expect(refused?.diagnostics[0]?.code).to.match(/^VMC4/);
  });

  it('leaves the thread that asks free to do other things', async () => {
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    turn();
    const outcome = await compiled(SLOW);
    isOver = true;
    expect(outcome?.sentences).to.have.length.greaterThan(6);
    expect(turns).to.be.greaterThan(100);
  });

  it('answers only the last of several requests for the same policy', async () => {
    const answered: string[] = [];
    const first = compiled(CLASS, 'other');
    for (const name of ['one', 'two']) {
      thread.request('key', policy(`${CLASS}pause a\n`), () => answered.push(name));
    }
    await first;
    await compiled(CLASS, 'last');
    expect(answered).to.deep.equal(['two']);
  });
});
