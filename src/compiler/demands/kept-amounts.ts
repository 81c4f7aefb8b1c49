import { compare, rational } from '../../support/rational.js';
import { feasibility } from '../catalogue.js';
import { coresOf, coresText } from '../cpu-amount.js';
import { shownIn } from '../demand-text.js';
import { wholeHost } from '../effective-host.js';
import type { Situation } from '../modes/situation.js';
import { sizeText } from '../render/render-text.js';
import { bytesOf } from './combine-amounts.js';
import type { CombineContext } from './combine-context.js';

/** Reports what is kept for the owner, and is not there at all; whether that is so. */
export function keepsMoreThanAll(situation: Situation, { host, findings }: CombineContext): boolean {
  let more = false;
  for (const { sentence } of situation.active) {
    if (sentence.kind !== 'keep') continue;
    const report = (kept: string, whole: string) => {
      more = true;
      findings.add(feasibility.keepsMoreThanAll.at(sentence.place, { kept, whole, ...shownIn(situation) }));
    };
    const { cpu, memory } = sentence.amounts;
    const cores = cpu && coresOf(cpu, host);
    if (cores && compare(cores, wholeHost(host)) > 0) {
      report(`${coresText(cores)} are`, coresText(wholeHost(host)));
    }
    const [bytes, all] = [memory && bytesOf(memory, host), rational(BigInt(host.facts.memoryBytes))];
    if (bytes && compare(bytes, all) > 0) report(`${sizeText(bytes)} is`, sizeText(all));
  }
  return more;
}
