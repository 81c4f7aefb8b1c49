import { admit } from '../src/compiler/admit/index.js';
import type { Plan } from '../src/compiler/index.js';
import { compile } from '../src/compiler/index.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { LARGE_HOST } from './large-host.js';
import { median } from './median.js';

const RUNS = 31;
const LIMIT_MS = 20;

/** What `vmc admit` computes, besides reading the files, on 64 cores beside 500 servers; medians. */
export function benchAdmit(): BenchRow[] {
  const plan = planOf(50);
  const fits = 'vm new { match name "new" and user "u" vcpus 4 } reserve new 5ms every 100ms';
  const refused = 'vm new { match name "new" and user "u" vcpus 32 } reserve new 90ms every 100ms';
  const tenth = admitting(planOf(5, 6), fits, true);
  const whole = admitting(plan, fits, true);
  const tenfold = admitting(planOf(500, 640), fits, true);
  return [
    benchRow('admit: yes, beside 500 servers on 64 cores', whole, 'ms', LIMIT_MS),
    benchRow(
      'admit: the same of a plan that nothing was asked before',
      admitting(plan, fits, true, (one) => ({ ...one })),
      'ms',
      LIMIT_MS,
    ),
    benchRow(
      'admit: no, with the largest budget and the shortest period',
      admitting(plan, refused, false),
      'ms',
      LIMIT_MS,
    ),
    benchRow('admit: yes, beside 50 servers on 6 cores', tenth, 'ms', null),
    benchRow('10 times that', whole / tenth, 'times', null),
    benchRow('100 times that', tenfold / tenth, 'times', null),
  ];
}

/** Groups of five guests, each with a vCPU and a main loop. */
function planOf(groups: number, cores = 64): Plan {
  const text = Array.from({ length: groups }, (_, index) => {
    const [budget, period] =
      [
        [2, 20],
        [3, 40],
        [7, 50],
        [11, 100],
      ][index % 4] ?? [];
    return `group g${index} up to 5 vms { match name "g${index}-*" and user "u" vcpus 1 }
      reserve g${index} ${budget}ms every ${period}ms`;
  });
  const { plan } = compile({ file: 'held.vmc', text: text.join('\n') }, { ...LARGE_HOST, cores });
  if (plan === null) throw new Error('the plan has errors');
  return plan;
}

/** `fresh`: what is asked in place of the plan each time; a plan that is another object is read anew. */
function admitting(
  plan: Plan,
  text: string,
  expected: boolean,
  fresh: (plan: Plan) => Plan = (one) => one,
): number {
  const times = Array.from({ length: RUNS }, () => {
    const asked = fresh(plan);
    const began = performance.now();
    const { answer } = admit(asked, { file: 'request.vmc', text });
    const tookMs = performance.now() - began;
    if (answer?.admitted !== expected) throw new Error('another answer than expected');
    return tookMs;
  });
  return median(times);
}
