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
    message: (p: { signal: string; isGiven: boolean }) =>
      `\`${p.signal}\` is true or false: it has no quantity to ${p.isGiven ? 'be given' : 'compare'}.`,
    hint: (p) => {
      const given = p.isGiven ? 'given ' : '';
      return `Write \`${given}${p.signal}\` alone, or \`${given}not ${p.signal}\`.`;
    },
  },
  quantityAsCondition: {
    code: 'VMC2105',
    severity: 'error',
    title: 'A quantity where a condition is needed',
    message: (p: { signal: string; example: string; isGiven: boolean }) =>
      `\`${p.signal}\` is a quantity, which alone is neither true nor false.`,
    hint: (p) =>
      p.isGiven
        ? `Give its value: \`given ${p.signal} = ${p.example}\`.`
        : `Compare it: \`${p.signal} > ${p.example}\`.`,
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
    message: (p: { budget: string; period: string; what: 'period' | 'window' }) =>
      `${p.budget} do not fit into a ${p.what} of ${p.period}.`,
    hint: () =>
      'Each vCPU can have at most all of its time: make the first number smaller or the second larger.',
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
    message: (p: { what: string }) => `Two amounts of ${p.what} stand in one sentence.`,
    hint: () => 'Keep one; ceilings of several sentences combine to the lowest, floors to the highest.',
  },
  taskDeadline: {
    code: 'VMC2115',
    severity: 'error',
    title: 'A task whose times do not fit each other',
    message: (p: { cost: string; deadline: string; period: string; problem: 'too short' | 'too long' }) =>
      p.problem === 'too short'
        ? `A task that takes ${p.cost} cannot be done within ${p.deadline}.`
        : `A deadline of ${p.deadline} lies behind the period of ${p.period}: the next release would come before it.`,
    hint: (p) =>
      p.problem === 'too short'
        ? 'A task takes at most the time to its deadline, and the deadline is the period where it is not given.'
        : 'Deadlines are at most the period: leave `within` out for a deadline of one period.',
  },
  elasticSignal: {
    code: 'VMC2116',
    severity: 'error',
    title: 'A ceiling that follows something else than CPU',
    message: (p: { signal: string; measures: string }) =>
      `A ceiling of CPU can follow an amount of CPU; \`${p.signal}\` is ${p.measures}.`,
    hint: () => 'Follow `owner.demand`, `owner.cpu`, the `cpu` of a class, or a forecast of one of them.',
  },
  elasticBounds: {
    code: 'VMC2117',
    severity: 'error',
    title: 'Bounds in the wrong order',
    message: (p: { from: string; to: string }) =>
      `This ceiling is to stay between ${p.from} and ${p.to}, but ${p.from} is more than ${p.to}.`,
    hint: (p) => `Write the lower bound first: \`between ${p.to} and ${p.from}\`.`,
  },
  reversedCores: {
    code: 'VMC2118',
    severity: 'error',
    title: 'A range of cores that ends before it starts',
    message: (p: { first: string; last: string }) => `Core ${p.last} is before core ${p.first}.`,
    hint: (p) => `Write \`${p.last}-${p.first}\`.`,
  },
});
