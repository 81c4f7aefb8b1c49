import { compileModel } from '../src/compiler/compile-model.js';
import type { HostFacts } from '../src/compiler/facts.js';
import { verifyPlan } from '../src/compiler/verify-plan.js';
import { analyse } from '../src/lang/index.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { LARGE_HOST } from './large-host.js';
import { coresFor, largePolicy, type PolicySize, PROMISED_SIZE } from './large-policy.js';
import { median } from './median.js';

const HOST: HostFacts = { ...LARGE_HOST, sensors: ['owner.demand'] };
const RUNS = 5;
/** Growth is measured in few modes: a hundred times as much in 64 is more than a plan may hold. */
const FEW_MODES = { conditions: 3 };

/** What compiling a large policy costs, and how that grows with its size and with its modes; medians of a few runs. */
export function benchCompiler(): BenchRow[] {
  const promised = measure(PROMISED_SIZE, RUNS);
  const tenth = measure({ ...FEW_MODES, classes: 20, sentences: 100 }, 3 * RUNS);
  const whole = measure({ ...PROMISED_SIZE, ...FEW_MODES }, RUNS);
  const tenfold = measure({ ...FEW_MODES, classes: 2000, sentences: 10_000 }, 1);
  return [
    benchRow('policy of 1,000 sentences, 200 classes: read and checked', promised.readMs, 'ms', 500),
    benchRow('the same: compiled, in 64 modes', promised.compiledMs, 'ms', 1000),
    benchRow('its plan of 64 modes: verified', promised.verifiedMs, 'ms', null),
    benchRow('a policy of 100 sentences, 20 classes: compiled, in 8 modes', tenth.compiledMs, 'ms', null),
    benchRow('10 times that', whole.compiledMs / tenth.compiledMs, 'times', null),
    benchRow('100 times that', tenfold.compiledMs / tenth.compiledMs, 'times', null),
    benchRow('its plan: verified', tenth.verifiedMs, 'ms', null),
    benchRow('10 times that', whole.verifiedMs / tenth.verifiedMs, 'times', null),
    benchRow('100 times that', tenfold.verifiedMs / tenth.verifiedMs, 'times', null),
  ];
}

interface Measured {
  readonly readMs: number;
  readonly compiledMs: number;
  readonly verifiedMs: number;
}

function measure(size: PolicySize, runs: number): Measured {
  const text = largePolicy(size);
  const host = { ...HOST, cores: coresFor(size.classes) };
  const reading: number[] = [];
  const compiling: number[] = [];
  const verifying: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const { model } = analyse({ file: 'large.vmc', text });
    const read = performance.now();
    if (model === null) throw new Error('the large policy has errors');
    const { plan, diagnostics } = compileModel(model, host);
    if (plan === null) throw new Error(`the large policy has no plan: ${diagnostics[0]?.message}`);
    if (plan.modes.length !== 2 ** size.conditions) throw new Error('the large policy has other modes');
    const compiled = performance.now();
    reading.push(read - start);
    compiling.push(compiled - read);
    if (verifyPlan(plan).length > 0) throw new Error('the plan of the large policy does not verify');
    verifying.push(performance.now() - compiled);
  }
  return { readMs: median(reading), compiledMs: median(compiling), verifiedMs: median(verifying) };
}
