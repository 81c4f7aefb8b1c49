import type { Condition, HostDeclaration, Model, Place } from '../lang/model.js';
import { isKnownZone } from './calendar/zone.js';
import { hostLimits } from './catalogue.js';
import { coresOf, coresText } from './cpu-amount.js';
import type { EffectiveHost } from './effective-host.js';
import { coreList, type HostFacts } from './facts.js';
import type { Findings } from './findings.js';
import type { ConditionTable } from './modes/condition-table.js';
import type { AtomRange } from './modes/modes.js';
import type { Atom } from './plan.js';
import { signalNames } from './pushed-signals.js';

/** Says where the policy's `host { … }` and the machine differ. */
export function checkHost(declared: HostDeclaration, facts: HostFacts, findings: Findings): void {
  if (declared.place === null) return;
  const found = coreList(facts).length;
  if (declared.cores !== null && declared.cores > found) {
    findings.add(
      hostLimits.otherHost.at(declared.place, {
        what: 'cores',
        declared: String(declared.cores),
        found: String(found),
      }),
    );
  }
}

/** Reports a zone that the platform does not know; calendars cannot be analysed in it. */
export function checkZone(zone: string, model: Model, findings: Findings): boolean {
  if (isKnownZone(zone)) return true;
  findings.add(hostLimits.unknownZone.at(model.host.place ?? startOf(model), { zone }));
  return false;
}

/**
 * The values that an atom can take on this host. A signal that can be sensed can also be lost, and one that is pushed
 * is unknown until then; clocks, switches, processes and budgets are never unknown: language reference.
 */
export function atomRange(sensors: readonly string[], pushed: readonly string[]): AtomRange {
  const known = new Set(pushed);
  return (atom) => {
    const signal = signalOf(atom);
    if (signal === null) return [true, false];
    return known.has(signal) || isSensed(signal, sensors) ? [true, false, 'unknown'] : ['unknown'];
  };
}

/** Reports, once for each signal, conditions that stay unknown on this host. */
export function checkSensors(
  model: Model,
  table: ConditionTable,
  sensors: readonly string[],
  findings: Findings,
): void {
  const pushed = new Set(signalNames(model.signals));
  const missing = new Set(
    table.atoms.flatMap((atom) => {
      const signal = signalOf(atom);
      return signal !== null && !pushed.has(signal) && !isSensed(signal, sensors) ? [signal] : [];
    }),
  );
  for (const signal of missing) {
    findings.add(hostLimits.missingSensor.at(placeOf(signal, model), { signal }));
  }
}

/** Reports limits that follow what this host cannot sense. */
export function checkElastics({ sentences, signals }: Model, host: EffectiveHost, findings: Findings): void {
  const pushed = new Set(signalNames(signals));
  for (const sentence of sentences) {
    if (sentence.kind !== 'limit' || sentence.elastic === null) continue;
    const { minus, from } = sentence.elastic;
    if (pushed.has(minus.signal) || isSensed(minus.signal, host.facts.sensors)) continue;
    const params = { signal: minus.signal, least: coresText(coresOf(from, host)) };
    findings.add(hostLimits.blindElastic.at(sentence.place, params));
  }
}

function signalOf(atom: Atom): string | null {
  if (atom.kind === 'signal') return atom.signal;
  return atom.kind === 'comparison' ? atom.subject.signal : null;
}

/** What concerns guests is known from the list of guests, whatever sensors the host has. */
function isSensed(signal: string, sensors: readonly string[]): boolean {
  if (sensors.includes(signal)) return true;
  return /\.(?:cpu|memory|running|count)$/.test(signal) && !/^(?:host|owner|user)\./.test(signal);
}

/** The guard in which a signal first occurs. */
function placeOf(signal: string, model: Model): Place {
  for (const { guards } of model.sentences) {
    for (const { condition, place } of guards) if (mentions(condition, signal)) return place;
  }
  return startOf(model);
}

function mentions(condition: Condition, signal: string): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return mentions(condition.left, signal) || mentions(condition.right, signal);
    case 'not':
    case 'assuming':
      return mentions(condition.operand, signal);
    case 'named':
      return mentions(condition.condition, signal);
    case 'signal':
      return condition.signal === signal;
    case 'comparison':
      return condition.subject.signal === signal;
    default:
      return false;
  }
}

function startOf({ file }: Model): Place {
  const start = { line: 1, column: 1, offset: 0 };
  return { file, range: { start, end: start } };
}
