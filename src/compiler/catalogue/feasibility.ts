import { defineDiagnostics } from '../../lang/catalogue-entry.js';
import { type RelaxationText, relaxationText } from '../relaxation/relaxation-text.js';
import { type Shown, shown } from './shown.js';

const NOTHING_KNOWN = 'Ask for less.';

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
