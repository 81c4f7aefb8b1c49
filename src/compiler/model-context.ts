import type { Model } from '../lang/model.js';
import type { CompileOptions } from './compile-model.js';
import type { CombineContext } from './demands/combine-context.js';
import { withOffers } from './demands/offers.js';
import { type EffectiveHost, effectiveHost } from './effective-host.js';
import type { HostFacts } from './facts.js';
import { Findings } from './findings.js';
import { atomRange, checkElastics, checkHost, checkSensors } from './host-checks.js';
import { chooseMechanisms } from './mechanism-choice.js';
import { type ConditionTable, tabulateConditions } from './modes/condition-table.js';
import type { AtomRange } from './modes/modes.js';
import { buildNest, type Nest } from './nest.js';
import { populationOf } from './population.js';
import { signalNames } from './pushed-signals.js';

/** A model as it is on a host: all that does not depend on which conditions hold. */
export interface ModelContext extends CombineContext {
  /** With the classes and sentences that offers come to. */
  readonly model: Model;
  readonly host: EffectiveHost;
  readonly table: ConditionTable;
  readonly nest: Nest;
  /** The values that each atom can take here. */
  readonly range: AtomRange;
}

/**
 * Everything that {@link combine} needs to know about a policy on a host, without planning anything: who there is,
 * which mechanism keeps what, how subjects nest, the conditions. What is wrong goes to `findings` of the result.
 */
export function modelContext(
  policy: Model,
  facts: HostFacts,
  options: Pick<CompileOptions, 'degrade'> = {},
): ModelContext {
  return contextOf(withOffers(policy), facts, options);
}

/** The same of a model whose offers are classes already. */
export function contextOf(
  model: Model,
  facts: HostFacts,
  { degrade = false }: Pick<CompileOptions, 'degrade'> = {},
): ModelContext {
  const findings = new Findings();
  const host = effectiveHost(facts, model.host);
  checkHost(model.host, facts, findings);
  const table = tabulateConditions(model.sentences, host);
  checkSensors(model, table, host.facts.sensors, findings);
  checkElastics(model, host, findings);
  const population = populationOf(model);
  return {
    model,
    host,
    table,
    population,
    findings,
    nest: buildNest(model.sentences, population, findings),
    mechanisms: chooseMechanisms(model.sentences, host, degrade, findings),
    range: atomRange(host.facts.sensors, signalNames(model.signals)),
  };
}
