import { compare } from '../../support/rational.js';
import { eachAmounts } from '../amount-uses.js';
import { catalogue } from '../catalogue.js';
import type { CpuAmount } from '../model.js';
import { cpuOf, elasticEndOf } from '../quantities.js';
import { signalName } from '../scope.js';
import { DESCRIBED } from '../signals.js';
import type { ElasticAmount } from '../tree.js';
import type { CheckInput } from './check.js';

/** An elastic ceiling follows an amount of CPU, and its lower bound is not above the upper one. */
export function checkElasticCeilings(input: CheckInput): void {
  eachAmounts(input.policy, ({ amounts }) => {
    for (const amount of amounts) {
      if (amount.kind !== 'elastic') continue;
      checkSignal(amount, input);
      checkBounds(amount, input);
    }
  });
}

function checkSignal({ minus }: ElasticAmount, { scope, reporter }: CheckInput): void {
  const type = scope.signalType(minus.signal);
  // One that is true or false has its error as such.
  if (type === null || type === 'cpu' || type === 'boolean') return;
  const parameters = { signal: signalName(minus.signal), measures: DESCRIBED[type][0] };
  reporter.add(catalogue.elasticSignal.at(reporter.place(minus.signal.span), parameters));
}

function checkBounds({ from, to }: ElasticAmount, { reporter }: CheckInput): void {
  const order = compareCpu(elasticEndOf(from), cpuOf(to));
  if (order === null || order <= 0) return;
  const place = reporter.place({ start: from.span.start, end: to.span.end });
  const parameters = { from: reporter.textOf(from.span), to: reporter.textOf(to.span) };
  const fix = {
    title: `Write \`between ${parameters.to} and ${cpuText(parameters.from)}\``,
    edits: [reporter.edit(from.span, parameters.to), reporter.edit(to.span, cpuText(parameters.from))],
  };
  reporter.add(catalogue.elasticBounds.at(place, parameters, { fix }));
}

/** Only the lower end may leave out `of cpu`. */
const cpuText = (text: string): string => (text.endsWith('%') ? `${text} of cpu` : text);

/** Null where the order depends on how many cores the host has. */
export function compareCpu(a: CpuAmount | null, b: CpuAmount | null): number | null {
  if (a?.kind === 'cores' && b?.kind === 'cores') return compare(a.cores, b.cores);
  if (a?.kind === 'host-fraction' && b?.kind === 'host-fraction') return compare(a.fraction, b.fraction);
  return null;
}
