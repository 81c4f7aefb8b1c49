import type { Check } from '../doctor-schema.js';
import { missing, type Patient, present } from './check.js';

interface Capability {
  readonly name: string;
  /** In /proc/PID/status (man 7 capabilities). */
  readonly bit: number;
  readonly detail: string;
}

export const CAP_NET_ADMIN: Capability = {
  name: 'CAP_NET_ADMIN',
  bit: 12,
  detail: 'limits of the network: tc on the tap devices of guests',
};
export const CAP_SYS_NICE: Capability = {
  name: 'CAP_SYS_NICE',
  bit: 23,
  detail: 'reservations, nice values and affinities: scheduling of the guests’ threads',
};
const CAPABILITIES: readonly Capability[] = [
  CAP_SYS_NICE,
  { name: 'CAP_KILL', bit: 5, detail: 'duty cycles of other users’ guests' },
  { name: 'CAP_SYS_PTRACE', bit: 19, detail: 'recognising other users’ guests by their program' },
  { name: 'CAP_DAC_OVERRIDE', bit: 1, detail: 'the monitors of other users’ guests' },
  CAP_NET_ADMIN,
];

export const capabilities = (patient: Patient): readonly Check[] =>
  CAPABILITIES.map(({ name, bit, detail }) =>
    patient.hasCapability(bit)
      ? present('capability', name, detail)
      : missing('capability', name, detail, grant(patient, name)),
  );

/**
 * The command that has the daemon run with a capability more. Ambient ones, for they reach the guardian too: what `setcap`
 * gives to one program it would lack when it gives everything back (docs/decisions/0023).
 */
export function grant({ uid, user }: Patient, name: string): string {
  const short = name.slice('CAP_'.length).toLowerCase();
  if (uid === 0) {
    return `add ${name} to CapabilityBoundingSet= ('systemctl edit vmcd'), or '--cap-add ${short.toUpperCase()}' to the container: it was taken from root here`;
  }
  const capabilities = `--inh-caps +${short} --ambient-caps +${short}`;
  return `sudo setpriv --reuid ${user} --regid "$(id -g ${user})" --init-groups ${capabilities} vmcd POLICY`;
}
