import { defineDiagnostics } from '../lang/catalogue-entry.js';
import { type RelaxationText, relaxationText } from './relaxation/relaxation-text.js';

export { assertions } from './claims/catalogue.js';
export { policyTests } from './scenario/catalogue.js';

/** The mode that shows a mistake, and an instant of it where calendars play a part. */
export interface Shown {
  readonly mode: string;
  readonly example: string | null;
}

const shown = ({ mode, example }: Shown): string =>
  mode === 'always' ? '' : ` (in mode "${mode}"${example === null ? '' : `, for example at ${example}`})`;

const NOTHING_KNOWN = 'Ask for less.';

/** VMC3xxx: sentences that contradict each other in some mode. */
export const conflicts = defineDiagnostics({
  twoRuns: {
    code: 'VMC3001',
    severity: 'error',
    title: 'Two different duty cycles',
    message: (p: { subject: string; first: string; second: string } & Shown) =>
      `${p.subject} is to run ${p.first} and ${p.second} at the same time${shown(p)}.`,
    hint: () => 'Keep one of the two, or guard them by conditions that exclude each other.',
  },
  twoProportions: {
    code: 'VMC3002',
    severity: 'error',
    title: 'Two different proportions',
    message: (p: { subject: string; other: string; first: string; second: string } & Shown) =>
      `${p.subject} is given ${p.first} for each part of ${p.other}, and ${p.second}${shown(p)}.`,
    hint: () =>
      'State the proportions in one sentence, or guard the two by conditions that exclude each other.',
  },
  reservedAndShared: {
    code: 'VMC3003',
    severity: 'error',
    title: 'Reserved, and given a share or a guarantee',
    message: (p: { subject: string; other: 'share' | 'guarantee' } & Shown) =>
      `${p.subject} has a reservation, which is exact; a ${p.other} of CPU on it means nothing${shown(p)}.`,
    hint: (p) => `Remove ${p.subject} from the ${p.other}, or the reservation.`,
  },
  brokenReservation: {
    code: 'VMC3004',
    severity: 'error',
    title: 'A reservation that a restriction breaks',
    message: (p: { subject: string; promised: string; restricted: string } & Shown) =>
      `${p.subject} is reserved ${p.promised}, but ${p.restricted}${shown(p)}.`,
    hint: () => 'Loosen the restriction, or guard the two by conditions that exclude each other.',
  },
  brokenGuarantee: {
    code: 'VMC3005',
    severity: 'error',
    title: 'A guarantee that a restriction breaks',
    message: (p: { subject: string; promised: string; restricted: string } & Shown) =>
      `${p.subject} is promised ${p.promised}, but ${p.restricted}${shown(p)}.`,
    hint: () =>
      'Loosen the restriction, lower the guarantee, or guard the two by conditions that exclude each other.',
  },
  suspendedGuarantee: {
    code: 'VMC3013',
    severity: 'warning',
    title: 'A guarantee that a pause suspends',
    message: (p: { subject: string; promised: string; left: string } & Shown) =>
      `${p.subject} is promised ${p.promised}, and while it is paused it has ${p.left}${shown(p)}.`,
    hint: (p) =>
      `If that is meant, nothing is to be done. If not, guard the pause differently; "assert ${p.subject} at least …" makes it an error.`,
  },
  twoReservations: {
    code: 'VMC3006',
    severity: 'error',
    title: 'Two different reservations',
    message: (p: { subject: string; first: string; second: string } & Shown) =>
      `${p.subject} is reserved ${p.first} and ${p.second}: neither includes the other${shown(p)}.`,
    hint: () =>
      'Keep one of the two. Of budgets in equal periods the larger counts; windows and tasks are kept together.',
  },
  overlappingUnions: {
    code: 'VMC3007',
    severity: 'error',
    title: 'Unions that overlap',
    message: (p: { first: string; second: string; common: string } & Shown) =>
      `${p.first} and ${p.second} both carry a total or a proportion and share ${p.common}, but neither contains the other${shown(p)}.`,
    hint: () =>
      'Make one contain the other, split them into unions without common classes, or guard their limits by conditions that exclude each other.',
  },
  partOfPart: {
    code: 'VMC3008',
    severity: 'error',
    title: 'A proportion between a subject and a part of it',
    message: (p: { whole: string; part: string }) =>
      `${p.part} belongs to ${p.whole}: the two cannot share with each other.`,
    hint: () => 'Name subjects that have no guest in common.',
  },
  neverActive: {
    code: 'VMC3009',
    severity: 'warning',
    title: 'A sentence that is never in force',
    message: (_: object) => 'The conditions around this sentence are never true together.',
    hint: () => 'Check the calendars and the nesting of its "when"s.',
  },
  tooManyModes: {
    code: 'VMC3010',
    severity: 'error',
    title: 'Too many modes',
    message: (p: { most: number; conditions: readonly string[] }) =>
      `The conditions of this policy split time into more than ${p.most} modes: ${p.conditions.join('; ')}.`,
    hint: () =>
      'Merge conditions into fewer ones (with "or", "and", or one "let" in place of several thresholds), or say with "assuming" what an unknown one means.',
  },
  noCommonCore: {
    code: 'VMC3012',
    severity: 'error',
    title: 'Placements without a core in common',
    message: (p: { subject: string } & Shown) =>
      `${p.subject} is placed on cores that have none in common${shown(p)}: it could run nowhere.`,
    hint: () => 'Name the cores in one sentence, or guard the two by conditions that exclude each other.',
  },
  restNeverRuns: {
    code: 'VMC3011',
    severity: 'error',
    title: 'A limit that reservations use up',
    message: (p: { subject: string; limit: string; reserved: string } & Shown) =>
      `${p.subject} may take ${p.limit}, and reservations in it (with QEMU's main loops) take ${p.reserved} of that: its other guests would never run${shown(p)}.`,
    hint: () => 'Raise the limit, or pause the guests that are to have nothing.',
  },
});

/** VMC4xxx: promises that do not fit on the host. */
export const feasibility = defineDiagnostics({
  reservationsDoNotFit: {
    code: 'VMC4001',
    severity: 'error',
    title: 'Reservations that do not fit',
    message: (p: { arithmetic: string; proof: boolean } & Shown) =>
      `These sentences cannot hold together${shown(p)}: ${p.arithmetic}.${
        p.proof ? '' : ' No placement was found, but too many were possible to try them all.'
      }`,
    hint: (p: RelaxationText) => relaxationText(p) ?? NOTHING_KNOWN,
  },
  guaranteesDoNotFit: {
    code: 'VMC4002',
    severity: 'error',
    title: 'Guarantees that do not fit',
    message: (p: { arithmetic: string } & Shown) => `The guarantees do not fit${shown(p)}: ${p.arithmetic}.`,
    hint: (p: RelaxationText) =>
      relaxationText(p) ?? 'Lower a guarantee, keep less for the owner, or reserve less.',
  },
  keepsMoreThanAll: {
    code: 'VMC4003',
    severity: 'error',
    title: 'More kept for the owner than the host has',
    message: (p: { kept: string; whole: string } & Shown) =>
      `${p.kept} kept for the owner of a host with ${p.whole}${shown(p)}.`,
    hint: (p) => `Keep at most ${p.whole}.`,
  },
  hyperperiodTooLong: {
    code: 'VMC4004',
    severity: 'error',
    title: 'Duty periods that do not go together',
    message: (p: { periods: string; most: number } & Shown) =>
      `A timetable for the periods ${p.periods} needs more than ${p.most} windows before it repeats${shown(p)}.`,
    hint: (p: { harmonic: string }) => `The nearest periods that divide each other: ${p.harmonic}.`,
  },
  timetableDoesNotFit: {
    code: 'VMC4005',
    severity: 'error',
    title: 'Duty cycles that do not fit under a limit',
    message: (p: { subject: string; limit: string; wanted: string } & Shown) =>
      `The duty cycles in ${p.subject} ask for ${p.wanted}, and its limit, kept by stopping guests, is ${p.limit}${shown(p)}.`,
    hint: () => 'Shorten a duty cycle, lengthen its period, or raise the limit.',
  },
  guaranteeBeyondVcpus: {
    code: 'VMC4006',
    severity: 'warning',
    title: 'A guarantee of more than its vCPUs can use',
    message: (p: { subject: string; promised: string; usable: string }) =>
      `${p.subject} is promised ${p.promised}, but all its vCPUs together can use ${p.usable}.`,
    hint: (p) => `Promise ${p.usable}, or give it more vCPUs.`,
  },
  weightsTooCoarse: {
    code: 'VMC4007',
    severity: 'error',
    title: 'Weights too coarse for the guarantees',
    message: (p: { parent: string } & Shown) =>
      `No whole weights in the kernel's range keep every guarantee within ${p.parent}${shown(p)}: they leave nothing to spare.`,
    hint: (p: RelaxationText) => relaxationText(p) ?? NOTHING_KNOWN,
  },
  uncounted: {
    code: 'VMC4008',
    severity: 'error',
    title: 'A promise to guests without number',
    message: (p: { subject: string }) =>
      `${p.subject} includes guests of no class; nobody can say how many there will be, so none of them can be promised anything.`,
    hint: () => 'Name classes, or a union of them.',
  },
  guaranteeBeyondMemory: {
    code: 'VMC4013',
    severity: 'warning',
    title: 'A guarantee of more memory than its guests have',
    message: (p: { subject: string; promised: string; usable: string }) =>
      `${p.subject} is promised ${p.promised}, but its guests have ${p.usable} in all.`,
    hint: (p) => `Promise ${p.usable}, or declare guests with more memory.`,
  },
  planTooLarge: {
    code: 'VMC4011',
    severity: 'error',
    title: 'Too large a plan',
    message: (p: { most: number }) =>
      `The plan would have more than ${p.most} settings, servers and windows in all its schedules.`,
    hint: () => 'Declare fewer guests or vCPUs, or let fewer conditions change what holds for them.',
  },
  tooManyChanges: {
    code: 'VMC4010',
    severity: 'error',
    title: 'Too many different sets of reservations',
    message: (p: { most: number; conditions: readonly string[] }) =>
      `The modes have more than ${p.most} different sets of reservations, which do not all fit at once: the changes between them are too many to be checked. They stem from ${p.conditions.join('; ')}.`,
    hint: () => 'Let fewer conditions change reservations, or make room for all of them at once.',
  },
  noInterface: {
    code: 'VMC4012',
    severity: 'error',
    title: 'A reservation that cannot be derived',
    message: (p: { subject: string; why: string }) =>
      `${p.subject} cannot be reserved what it asks for: ${p.why}.`,
    hint: () => 'Declare less, or reserve a budget by hand.',
  },
  tooManyTurns: {
    code: 'VMC4014',
    severity: 'error',
    title: 'Too many guests to take turns',
    message: (p: { guests: number } & Shown) =>
      `${p.guests} guests cannot take turns by being stopped${shown(p)}: somebody would have less than 10ms in 10s.`,
    hint: () => 'Declare fewer guests, or let a mechanism keep this that does not stop them ("vmc doctor").',
  },
  nothingLeft: {
    code: 'VMC4009',
    severity: 'error',
    title: 'Nothing left to divide',
    message: (p: { subject: string } & Shown) =>
      `Reservations and what is kept for the owner leave no CPU for ${p.subject}${shown(p)}.`,
    hint: () => 'Reserve or keep less.',
  },
});

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
