import type { HostFacts } from '../../compiler/facts.js';
import { SIGNALS } from '../../lang/signals.js';
import { fixedStepNs } from '../../rps/signal-catalogue.js';
import type { Check } from '../doctor-schema.js';
import { missing, type Patient, present } from './check.js';

/** Why a machine lacks a sensor, and what gets it; null: nothing does. */
type Remedy = readonly [why: string, fix: string | null];

const REMEDIES: Readonly<Record<string, Remedy>> = {
  'owner.demand': ['the kernel does not count run delay (CONFIG_SCHED_INFO)', null],
  'host.battery': ['there is no battery', null],
  'host.temperature': ['no driver measures the processor (coretemp, k10temp, a thermal zone)', null],
  'host.disk.busy': ['there is no disk', null],
  'host.network.in': ['there is no network interface with hardware behind it', null],
  'host.network.out': ['there is no network interface with hardware behind it', null],
};
const PRESSURE: Remedy = [
  'the kernel does not measure pressure stalls',
  'add psi=1 to the kernel’s command line',
];
/** Every signal that the language names: a condition on one that is missing is unknown for ever. */
export const sensors = (
  { sensors: found }: Pick<HostFacts, 'sensors'>,
  patient: Pick<Patient, 'uid' | 'user'>,
): readonly Check[] =>
  [...SIGNALS.keys()].map((name) => {
    if (found.includes(name)) {
      return present(
        'sensor',
        name,
        fixedStepNs(name) === null ? 'sensed once a second' : 'sensed every 10 s',
      );
    }
    const [why, fix] = remedyOf(name, patient);
    return missing('sensor', name, `conditions on it are unknown: ${why}`, fix);
  });

function remedyOf(name: string, { uid, user }: Pick<Patient, 'uid' | 'user'>): Remedy {
  if (name.startsWith('host.pressure.')) return PRESSURE;
  if (!name.startsWith('user.')) return REMEDIES[name] ?? ['this kernel does not tell', null];
  return uid === 0
    ? ['there is neither a keyboard nor a terminal, or keyboards were taken from root here', null]
    : ['this user may not look at keyboards and mice (/dev/input)', `sudo adduser ${user} input`];
}
