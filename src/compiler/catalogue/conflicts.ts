import { defineDiagnostics } from '../../lang/catalogue-entry.js';
import { type Shown, shown } from './shown.js';

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
