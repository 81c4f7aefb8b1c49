import { expect } from 'chai';
import { dayOfDate } from '../../../src/compiler/calendar/civil-day.js';
import { BudgetLedger } from '../../../src/enforce/budgets/budget-ledger.js';
import { startOfDay } from '../../../src/enforce/budgets/budget-period.js';
import type { ClassifiedGuest } from '../../../src/enforce/classify.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import { governed, planFor } from '../support/ledger-host.js';

const BATCH = 'vm batch { match name "batch*" vcpus 1 }\n';
const PAUSED = `${BATCH}budget batch 1 core-minute per day then pause`;
const DAY_MS = 86_400_000;

const budgetOf = (enforcer: ReturnType<typeof governed>['enforcer']) => enforcer.status().budgets[0];

describe('budgets', () => {
  it('are used up by what guests use, and then follows what the policy says, until the period ends', async () => {
    const { host, enforcer, run } = governed(PAUSED);
    const key = host.boot({ name: 'batch 1' });
    await enforcer.start();
    await run(30);
    expect(budgetOf(enforcer)?.usedNs).to.be.closeTo(30e9, 1.5e9);
    expect(budgetOf(enforcer)).to.include({
      id: 'batch per day',
      holder: null,
      allowedNs: 60e9,
      spent: false,
    });
    // Tuesday, in Berlin.
    expect(budgetOf(enforcer)?.untilMs).to.equal(Date.UTC(2026, 10, 23, 23));
    await run(40);
    expect(budgetOf(enforcer)?.spent).to.equal(true);
    const usedNs = budgetOf(enforcer)?.usedNs ?? 0;
    expect(usedNs).to.be.within(60e9, 62e9);
    expect(host.guest(key).heldByUs).to.equal(true);
    await run(20);
    expect(budgetOf(enforcer)?.usedNs).to.equal(usedNs);

    // Midnight comes by itself, at the very second.
    host.jumpWallClock(Date.UTC(2026, 10, 23, 23) - enforcer.status().atMs - 2000);
    await run(1);
    expect(host.guest(key).heldByUs).to.equal(true);
    await run(3);
    expect(host.guest(key).heldByUs).to.equal(false);
    expect(budgetOf(enforcer)?.usedNs).to.be.lessThan(4e9);
    expect(enforcer.events.since().at(-1)?.message).to.contain('budget batch per day spent');
  });

  it('are of the day that the clock shows, also where it is set back', async () => {
    const { host, enforcer, run } = governed(PAUSED);
    host.boot({ name: 'batch 1' });
    await enforcer.start();
    await run(70);
    host.jumpWallClock(DAY_MS);
    await run(5);
    expect(budgetOf(enforcer)?.spent).to.equal(false);
    host.jumpWallClock(-DAY_MS);
    await run(5);
    expect(budgetOf(enforcer)?.spent).to.equal(true);
  });

  it('go on where they were after a restart, and after a change of the policy', async () => {
    const { host, enforcer, batches, run } = governed(PAUSED);
    host.boot({ name: 'batch 1' });
    await enforcer.start();
    await run(40);
    await enforcer.replacePlan(planFor(`${BATCH}budget batch 2 core-minutes per day then pause`));
    await run(5);
    expect(budgetOf(enforcer)?.usedNs).to.be.closeTo(45e9, 2e9);
    await enforcer.stop();

    const uses = new Map(batches.flatMap(({ budgets }) => budgets.map((use) => [use.budget, use] as const)));
    const next = governed(PAUSED, { budgets: [...uses.values()], host });
    await next.enforcer.start();
    await next.run(5);
    expect(budgetOf(next.enforcer)?.usedNs).to.be.closeTo(50e9, 3e9);
    await next.run(15);
    expect(budgetOf(next.enforcer)?.spent).to.equal(true);
  });

  it('do not count while their condition does not hold', async () => {
    const { host, enforcer, run } = governed(
      `${BATCH}switch lent\nwhen lent { budget batch 1 core-minute per day then pause }`,
    );
    host.boot({ name: 'batch 1' });
    await enforcer.start();
    await run(20);
    expect(budgetOf(enforcer)?.usedNs).to.equal(0);
    enforcer.setSwitch('lent', true);
    await run(20);
    expect(budgetOf(enforcer)?.usedNs).to.be.closeTo(20e9, 2e9);
  });

  it('without anything that follows are only shown', async () => {
    const { host, enforcer, run } = governed(`${BATCH}budget batch 10 core-seconds per week`);
    const key = host.boot({ name: 'batch 1' });
    await enforcer.start();
    await run(20);
    expect(budgetOf(enforcer)).to.include({ id: 'batch per week', spent: true });
    expect(host.guest(key).heldByUs).to.equal(false);
    expect(enforcer.status().findings).to.deep.equal([]);
  });
});

describe('a month of budgets', () => {
  const plan = planFor(`${BATCH}
    budget batch 2 core-hours per day then pause
    budget guests 100 core-hours per week then pause
    budget each batch 20 core-hours per month then pause`);
  const index = indexPlan(plan);
  const guest = (name: string) =>
    ({ guest: { key: `${name}-1`, name, user: 'alice' }, class: 'batch' }) as ClassifiedGuest;
  const guests = [guest('batch 1'), guest('batch 2')];
  const STEP_MS = 60_000;

  it('has each day, week and month its own, with the hour that is twice and in spite of restarts', () => {
    let ledger = new BudgetLedger();
    const saved = new Map<string, ReturnType<BudgetLedger['takeChanges']>[number]>();
    const dailyNs: number[] = [];
    const zone = plan.host.timezone;
    const [startMs, endMs] = ['2026-10-01', '2026-11-01'].map((day) => startOfDay(zone, dayOfDate(day)));
    const [day, week, month] = plan.budgets;
    if (!day || !week || !month) throw new Error('the plan has three budgets');
    for (let nowMs = (startMs ?? 0) + STEP_MS; nowMs <= (endMs ?? 0); nowMs += STEP_MS) {
      // Of the two guests one uses half of a core, the other a tenth.
      const usage = new Map(
        guests.map(({ guest: { key } }, at) => [
          key,
          { cpuNs: STEP_MS * 1e6 * (at === 0 ? 0.5 : 0.1) } as never,
        ]),
      );
      ledger.count(index, guests, { usage }, new Map(), nowMs);
      const { untilMs } = ledger.reading(plan, day, null, nowMs - 1);
      if (untilMs === nowMs) dailyNs.push(ledger.reading(plan, day, null, nowMs - 1).usedNs);
      for (const use of ledger.takeChanges())
        saved.set(JSON.stringify([use.budget, use.firstDay, use.holder]), use);
      // Killed every day at another time.
      if (nowMs % (23 * 3_600_000) === 0) ledger = new BudgetLedger([...saved.values()]);
    }
    const hours = dailyNs.map((ns) => Number((ns / 3.6e12 / 0.6).toFixed(6)));
    expect(hours).to.deep.equal(Array.from({ length: 31 }, (_, at) => (at === 24 ? 25 : 24)));
    const last = (endMs ?? 0) - 1;
    // From Monday the 26th on.
    expect(ledger.reading(plan, week, null, last).usedNs / 3.6e12).to.be.closeTo(6 * 24 * 0.6, 1e-6);
    expect(ledger.reading(plan, month, 'alice/batch 1', last).usedNs / 3.6e12).to.be.closeTo(745 * 0.5, 1e-6);
    expect(ledger.reading(plan, month, 'alice/batch 2', last).usedNs / 3.6e12).to.be.closeTo(745 * 0.1, 1e-6);
    expect(ledger.reading(plan, month, 'alice/batch 2', endMs ?? 0).usedNs).to.equal(0);
  });
});
