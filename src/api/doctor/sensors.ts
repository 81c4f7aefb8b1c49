import type { HostFacts } from '../../compiler/facts.js';
import { SIGNALS } from '../../lang/signals.js';
import type { Check } from '../doctor-schema.js';
import { missing, present } from './check.js';

/** Why a machine lacks a sensor, and what gets it; null: nothing does. */
const REMEDIES: Readonly<Record<string, readonly [why: string, fix: string | null]>> = {
  'owner.demand': ['the kernel does not count run delay (CONFIG_SCHED_INFO)', null],
  'host.battery': ['there is no battery', null],
};
const PRESSURE: readonly [string, string] = [
  'the kernel does not measure pressure stalls',
  'add psi=1 to the kernel’s command line',
];

/** Every signal that the language names: a condition on one that is missing is unknown for ever. */
export const sensors = ({ sensors: found }: Pick<HostFacts, 'sensors'>): readonly Check[] =>
  [...SIGNALS.keys()].map((name) => {
    if (found.includes(name)) return present('sensor', name, 'sensed once a second');
    const [why, fix] = name.startsWith('host.pressure.')
      ? PRESSURE
      : (REMEDIES[name] ?? ['this version has no sensor for it', null]);
    return missing('sensor', name, `conditions on it are unknown: ${why}`, fix);
  });
