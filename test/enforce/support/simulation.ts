import type { Plan } from '../../../src/compiler/plan.js';
import type { Alarm } from '../../../src/enforce/conditions/calendar-alarm.js';
import { Enforcer } from '../../../src/enforce/enforcer.js';
import { runSimulation } from '../../../src/enforce/simulated/run-simulation.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { SimulatedSignals } from '../../../src/enforce/simulated/simulated-signals.js';

export const NO_ALARM: Alarm = { start: () => {}, stop: () => {} };

/** An enforcer on a simulated host, stepped by the test alone. */
export function simulate(plan: Plan) {
  const host = new SimulatedHost({ facts: plan.host });
  const signals = new SimulatedSignals(host);
  const enforcer = new Enforcer({ host, plan, signals, alarm: NO_ALARM, timer: null });
  return { host, signals, enforcer, run: (seconds: number) => runSimulation(host, enforcer, seconds * 1e9) };
}
