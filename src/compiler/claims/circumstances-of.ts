import type { ElasticCeiling } from '../../lang/model.js';
import { compare, type Rational, rational } from '../../support/rational.js';
import { coresOf } from '../cpu-amount.js';
import { combine } from '../demands/combine.js';
import type { CombineContext } from '../demands/combine-context.js';
import type { EffectiveHost } from '../effective-host.js';
import { Findings } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import type { ScheduleProof } from '../plan.js';
import type { Circumstances, CoresBetween } from './circumstances.js';

export interface Knowledge {
  readonly elastic: (ceiling: ElasticCeiling) => CoresBetween;
  /** Of the schedule for this situation; null where there is none, or where it is not asked for. */
  readonly proof: Pick<ScheduleProof, 'shares'> | null;
}

/** What is in force in a situation, combined; conflicts are reported elsewhere. */
export function circumstancesOf(
  situation: Situation,
  context: Omit<CombineContext, 'findings'>,
  { elastic, proof }: Knowledge,
): Circumstances {
  const { host, population, mechanisms } = context;
  const demands = combine(situation, { ...context, findings: new Findings() });
  const sharing = new Set(demands.shares.flatMap(({ parts }) => parts.map(({ key }) => key)));
  const proved = new Map([...provedParts(proof)].filter(([key]) => sharing.has(key)));
  return { host, population, mechanisms, active: situation.active, demands, elastic, proved };
}

/** A ceiling whose signal may have any value. */
export const anywhere =
  (host: EffectiveHost) =>
  ({ from, to }: ElasticCeiling): CoresBetween => ({ least: coresOf(from, host), most: coresOf(to, host) });

/** Cores by subject. Where several owners were reckoned with, the least. */
function provedParts(proof: Knowledge['proof']): ReadonlyMap<string, Rational> {
  const parts = new Map<string, Rational>();
  for (const { class: key, guaranteedCores } of proof?.shares.flatMap(({ children }) => children) ?? []) {
    const part = exact(guaranteedCores);
    const other = parts.get(key);
    if (!other || compare(part, other) < 0) parts.set(key, part);
  }
  return parts;
}

/** "19/20" or "3", as `fraction` writes them. */
function exact(text: string): Rational {
  const [num = '0', den = '1'] = text.split('/');
  return rational(BigInt(num), BigInt(den));
}
