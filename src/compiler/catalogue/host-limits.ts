import { defineDiagnostics } from '../../lang/catalogue-entry.js';
import { type Shown, shown } from './shown.js';

/** VMC5xxx: what this host cannot do. */
export const hostLimits = defineDiagnostics({
  missingSensor: {
    code: 'VMC5001',
    severity: 'warning',
    title: 'A signal that this host lacks',
    message: (p: { signal: string }) =>
      `This host cannot sense ${p.signal}: conditions on it stay unknown, so their restrictions are in force and their promises are not.`,
    hint: () => 'Add "assuming true" or "assuming false" to the condition to say otherwise.',
  },
  missingMechanism: {
    code: 'VMC5002',
    severity: 'error',
    title: 'A sentence that this host cannot keep',
    message: (p: { needed: readonly string[] }) =>
      `This sentence needs ${p.needed.join(' or ')}, and this host (or the policy's list of mechanisms) offers none of it.`,
    hint: () => 'vmc doctor says what is missing and how to get it.',
  },
  wrongMechanism: {
    code: 'VMC5003',
    severity: 'error',
    title: 'A mechanism that cannot keep this sentence',
    message: (p: { kind: string; asked: string; able: readonly string[] }) =>
      `A "${p.kind}" cannot be kept by ${p.asked}, only by ${p.able.join(' or ')}.`,
    hint: () => 'Leave out "by", and the compiler chooses.',
  },
  fallback: {
    code: 'VMC5004',
    severity: 'warning',
    title: 'Kept by another mechanism',
    message: (p: { first: string; used: string; effect: string }) =>
      `This host offers no ${p.first}; the sentence is kept by ${p.used} instead: ${p.effect}.`,
    hint: () => 'vmc doctor says what is missing and how to get it.',
  },
  approximate: {
    code: 'VMC5013',
    severity: 'warning',
    title: 'Kept approximately',
    message: (_: object) =>
      'This host offers no cgroup weights; the sentence is kept by nice values of the guests\u2019 sessions instead: approximately, as one step of them is a quarter more or less, and against as many of the owner\u2019s sessions as want CPU.',
    hint: () => 'vmc doctor says how to get cgroups.',
  },
  othersLeftOut: {
    code: 'VMC5015',
    severity: 'warning',
    title: 'Guests of no class are left out',
    message: (p: { by: string }) =>
      `Kept by ${p.by} this acts on each guest by itself; guests of no class are left out, for how many of them there will be nobody knows.`,
    hint: () =>
      'Give such guests a class ("group rest up to 8 vms { match name "*" vcpus 1 }" as the last one), or leave out "by".',
  },
  coarseReservation: {
    code: 'VMC5014',
    severity: 'error',
    title: 'A reservation too fine for a timetable',
    message: (p: { subject: string; cycle: string; least: string }) =>
      `${p.subject} is reserved ${p.cycle}, and this host keeps reservations by stopping and continuing guests, which is not done for less than ${p.least}.`,
    hint: () => 'Reserve as much in a longer period; vmc doctor says how to get reservations by the kernel.',
  },
  otherHost: {
    code: 'VMC5005',
    severity: 'warning',
    title: 'The policy is written for another host',
    message: (p: { what: string; declared: string; found: string }) =>
      `The policy speaks of ${p.declared} ${p.what}, and this host has ${p.found}; the plan is for the former.`,
    hint: () => 'Leave it out of "host" to take it from the machine.',
  },
  unknownZone: {
    code: 'VMC5006',
    severity: 'error',
    title: 'An unknown time zone',
    message: (p: { zone: string }) => `There is no time zone "${p.zone}" in this platform's database.`,
    hint: () => 'Use an IANA name such as "Europe/Berlin".',
  },
  ceilingTooSmall: {
    code: 'VMC5007',
    severity: 'error',
    title: 'A limit too small to be kept',
    message: (p: { limit: string; least: string; mechanism: string } & Shown) =>
      `A limit of ${p.limit} is below ${p.least}, the least that ${p.mechanism} can keep${shown(p)}.`,
    hint: () => 'Pause the guests instead, or raise the limit.',
  },
  leftOut: {
    code: 'VMC5008',
    severity: 'warning',
    title: 'A sentence left out',
    message: (p: { needed: readonly string[] }) =>
      `This sentence needs ${p.needed.join(' or ')}, which this host does not offer: it is not kept, and no one should rely on it.`,
    hint: () => 'vmc doctor says what is missing and how to get it.',
  },
  noSuchCore: {
    code: 'VMC5009',
    severity: 'error',
    title: 'Cores that this host does not have',
    message: (p: { missing: string; present: string }) =>
      `There is no core ${p.missing} here for guests; there are ${p.present}.`,
    hint: () => 'Name cores that the host has, or compile for the host that has these ("--host FACTS.json").',
  },
  blindElastic: {
    code: 'VMC5012',
    severity: 'warning',
    title: 'An elastic limit without its signal',
    message: (p: { signal: string; least: string }) =>
      `This host cannot sense ${p.signal}: the limit stays at its lower end, ${p.least}.`,
    hint: () => 'Follow a signal that the host has: "vmc sense" shows them.',
  },
  unkeepable: {
    code: 'VMC5010',
    severity: 'error',
    title: 'A promise that nothing can keep',
    message: (p: { kind: 'keep' | 'guarantee'; what: 'disk' | 'network' }) =>
      p.kind === 'keep'
        ? `Nothing can keep ${p.what} bandwidth for the owner: how much there is, nobody knows.`
        : `Nothing can guarantee ${p.what} bandwidth: how much there is, nobody knows.`,
    hint: (p) =>
      p.what === 'disk'
        ? 'Limit what guests may take instead: "limit guests to 50 MB/s disk".'
        : 'Limit what guests may take instead: "limit guests to 100 Mbit/s network".',
  },
  unplaceable: {
    code: 'VMC5011',
    severity: 'error',
    title: 'A reservation that cannot be placed',
    message: (p: { subject: string } & Shown) =>
      `${p.subject} has a reservation and is placed on some cores${shown(p)}, but this host cannot confine reserved threads to cores: the kernel refuses them there.`,
    hint: () => 'vmc doctor says how to get cpusets; else leave out the placement.',
  },
});
