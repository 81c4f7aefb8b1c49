import { compile } from '../../../src/compiler/compile.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import type { Plan } from '../../../src/compiler/plan.js';
import type { BudgetUse } from '../../../src/enforce/budgets/budget-use.js';
import { Enforcer } from '../../../src/enforce/enforcer.js';
import type { Host } from '../../../src/enforce/host.js';
import type { LedgerBatch } from '../../../src/enforce/ledger/ledger-batch.js';
import { runSimulation } from '../../../src/enforce/simulated/run-simulation.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { SimulatedSignals } from '../../../src/enforce/simulated/simulated-signals.js';
import { FACTS } from './plans.js';

export const HOST: HostFacts = { ...FACTS, cgroup: { ...FACTS.cgroup, version: 2 } };

/** A policy compiled for a host of two cores. Throws what is wrong with it. */
export function planFor(text: string, facts = HOST): Plan {
  const { plan, diagnostics } = compile({ file: 'test.vmc', text }, facts);
  if (!plan) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return plan;
}

/** An enforcer of a policy on a simulated host of two cores, and what it writes in its ledger. */
export function governed(
  text: string,
  {
    budgets = [],
    hostOf = (host) => host,
    facts = HOST,
    host = new SimulatedHost({ facts }),
  }: {
    readonly budgets?: readonly BudgetUse[];
    /** Stands between enforcer and host. */
    readonly hostOf?: (host: SimulatedHost) => Host;
    readonly facts?: HostFacts;
    readonly host?: SimulatedHost;
  } = {},
) {
  const batches: LedgerBatch[] = [];
  const enforcer = new Enforcer({
    host: hostOf(host),
    plan: planFor(text, facts),
    signals: new SimulatedSignals(host),
    alarm: { start: () => {}, stop: () => {} },
    timer: null,
    records: { ledger: { write: (batch) => batches.push(batch), troubles: [] }, budgets },
  });
  const run = (seconds: number) => runSimulation(host, enforcer, seconds * 1e9);
  return { host, enforcer, batches, run };
}
