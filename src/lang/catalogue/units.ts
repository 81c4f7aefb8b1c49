import { defineDiagnostics } from '../catalogue-entry.js';

/** VMC21xx: quantities, clocks and dates. */
export const units = defineDiagnostics({
  wrongDimension: {
    code: 'VMC2101',
    severity: 'error',
    title: 'A unit of the wrong kind',
    message: (p: { found: string; is: string; wanted: string; example: string; advice: string | null }) =>
      `\`${p.found}\` is ${p.is}; here stands ${p.wanted}.`,
    hint: (p) => p.advice ?? `Write, for example, \`${p.example}\`.`,
  },
  unknownUnit: {
    code: 'VMC2102',
    severity: 'error',
    title: 'Unknown unit',
    message: (p: { unit: string; suggestion: string | null }) => `\`${p.unit}\` is no unit.`,
    hint: (p) =>
      p.suggestion === null
        ? 'Units are ns, us, ms, s, min, h, d · core, cores, % of cpu, % of a core · B, KB, MB, GB, KiB, MiB, GiB.'
        : `Did you mean \`${p.suggestion}\`?`,
  },
  signalDimension: {
    code: 'VMC2103',
    severity: 'error',
    title: 'A signal compared with something it does not measure',
    message: (p: { signal: string; measures: string; found: string; is: string; example: string }) =>
      `\`${p.signal}\` is ${p.measures}, but \`${p.found}\` is ${p.is}.`,
    hint: (p) => `Compare it with, for example, \`${p.example}\`.`,
  },
  booleanCompared: {
    code: 'VMC2104',
    severity: 'error',
    title: 'A yes-or-no signal compared with a quantity',
    message: (p: { signal: string }) => `\`${p.signal}\` is true or false: it has no quantity to compare.`,
    hint: (p) => `Write \`${p.signal}\` alone, or \`not ${p.signal}\`.`,
  },
  quantityAsCondition: {
    code: 'VMC2105',
    severity: 'error',
    title: 'A quantity where a condition is needed',
    message: (p: { signal: string; example: string }) =>
      `\`${p.signal}\` is a quantity, which alone is neither true nor false.`,
    hint: (p) => `Compare it: \`${p.signal} > ${p.example}\`.`,
  },
  notWhole: {
    code: 'VMC2106',
    severity: 'error',
    title: 'A fraction where a whole number is needed',
    message: (p: { what: string; found: string }) => `${p.what} is a whole number, not ${p.found}.`,
    hint: () => null,
  },
  outOfRange: {
    code: 'VMC2107',
    severity: 'error',
    title: 'A quantity outside its range',
    message: (p: { what: string; found: string; range: string }) =>
      `${p.what} may be ${p.range}, not ${p.found}.`,
    hint: () => null,
  },
  budgetOverPeriod: {
    code: 'VMC2108',
    severity: 'error',
    title: 'More than the whole period',
    message: (p: { budget: string; period: string }) =>
      `${p.budget} do not fit into a period of ${p.period}.`,
    hint: () =>
      'Each vCPU can have at most its whole period: make the first number smaller or the second larger.',
  },
  guardedPeriod: {
    code: 'VMC2109',
    severity: 'error',
    title: 'A period too long for a reservation under a condition',
    message: (p: { period: string; limit: string }) =>
      `A reservation under a condition may have a period of at most ${p.limit}, not ${p.period}: changes of mode would take longer than that.`,
    hint: () => 'Make budget and period smaller in proportion, or state the reservation outside of `when`.',
  },
  badClock: {
    code: 'VMC2110',
    severity: 'error',
    title: 'No such time of day',
    message: (p: { clock: string }) => `\`${p.clock}\` is no time of day.`,
    hint: () => 'Times go from 00:00 to 23:59; 24:00 may end a window.',
  },
  emptyWindow: {
    code: 'VMC2111',
    severity: 'error',
    title: 'A window with equal ends',
    message: (p: { clock: string }) => `This window starts and ends at ${p.clock}.`,
    hint: () => 'For the whole day leave the window out, or write 00:00-24:00.',
  },
  badDate: {
    code: 'VMC2112',
    severity: 'error',
    title: 'No such date',
    message: (p: { date: string }) => `There is no ${p.date} in the calendar.`,
    hint: () => 'Dates are year-month-day, for example 2026-12-24.',
  },
  reversedDates: {
    code: 'VMC2113',
    severity: 'error',
    title: 'A range of dates that ends before it starts',
    message: (p: { first: string; last: string }) => `${p.last} is before ${p.first}.`,
    hint: (p) => `Write \`${p.last}..${p.first}\`.`,
  },
  repeatedAmount: {
    code: 'VMC2114',
    severity: 'error',
    title: 'Two amounts of the same thing in one sentence',
    message: (_: object) => 'This sentence names two amounts of CPU.',
    hint: () => 'Keep one; ceilings of several sentences combine to the lowest, floors to the highest.',
  },
});
