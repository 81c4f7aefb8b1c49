import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect } from 'chai';
import { largePolicy } from '../../bench/large-policy.js';
import { admissionDocument } from '../../src/api/admission-document.js';
import { loadPlan, planOf } from '../../src/api/load-plan.js';
import type { PlanRequest } from '../../src/api/plan-protocol.js';
import { PlanThread } from '../../src/api/plan-thread.js';
import { HOST } from '../compiler/support.js';

const POLICY = 'vm held { match name "held" and user "u" vcpus 1 }\nreserve held 40ms every 100ms\n';
const HELD = planOf({ file: 'held.vmc', text: POLICY }, HOST);

describe('the thread that compiles for the daemon', () => {
  let directory: string;
  let plans: PlanThread;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-plans-'));
    plans = new PlanThread();
  });
  after(async () => {
    await plans.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const text = (content: string): PlanRequest => ({
    kind: 'text',
    source: { file: 'held.vmc', text: content },
    facts: HOST,
  });

  it('answers what compiling here answers: of files with what they import, of texts, and of requests', async () => {
    const file = join(directory, 'policy.vmc');
    writeFileSync(file, 'import "held.vmc"\nlimit guests to 1 core\nlimit held to 2 cores');
    writeFileSync(join(directory, 'held.vmc'), POLICY);
    expect(await plans.load({ kind: 'file', file, facts: HOST })).to.deep.equal(loadPlan(file, HOST));
    expect(await plans.load(text(POLICY))).to.deep.equal(HELD);
    const wrong = await plans.load(text('keep 1 corse for owner'));
    expect(wrong).to.deep.equal(planOf({ file: 'held.vmc', text: 'keep 1 corse for owner' }, HOST));
    if (HELD.plan === null) throw new Error('the policy of the test has errors');
    const request = { file: 'request', text: 'reserve nobody 1ms every 10ms' };
    expect(await plans.admit(HELD.plan, request)).to.deep.equal(admissionDocument(HELD.plan, request));
  });

  it('refuses in the words of who reads and verifies, and by the same names', async () => {
    for (const request of [
      { kind: 'file', file: join(directory, 'missing.vmc'), facts: HOST } as const,
      text('{"planVersion": 1}'),
      text(JSON.stringify({ ...HELD.plan, certificate: { schedules: [] } })),
    ]) {
      const refused = await plans.load(request).catch((error: unknown) => error);
      const { name, message, code } = directRefusal(request);
      expect(refused)
        .to.be.instanceOf(Error)
        .and.include({ name, message, ...(code && { code }) });
    }
  });

  it('leaves the thread that asks it free for all the time that a large policy takes', async () => {
    const size = { classes: 100, sentences: 500, conditions: 5 };
    const delays = monitorEventLoopDelay({ resolution: 5 });
    const beginMs = performance.now();
    delays.enable();
    await plans.load(text(largePolicy(size)));
    delays.disable();
    const tookMs = performance.now() - beginMs;
    expect(delays.max / 1e6).to.be.below(tookMs / 2);
  });

  it('gives up, for good, what is under way and what waits, and can be stopped twice', async () => {
    const stopped = new PlanThread();
    const loads = [stopped.load(text(POLICY)), stopped.load(text(POLICY))];
    const refusals = Promise.all(loads.map((load) => load.catch((error: unknown) => error)));
    await stopped.stop();
    await stopped.stop();
    for (const one of await refusals) expect(one).to.have.property('message', 'the daemon ends');
  });
});

function directRefusal(request: PlanRequest): NodeJS.ErrnoException {
  try {
    if (request.kind === 'file') loadPlan(request.file, request.facts);
    else planOf(request.source, request.facts);
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('it is not refused');
}
