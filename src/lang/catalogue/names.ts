import { defineDiagnostics } from '../catalogue-entry.js';

const didYouMean = (suggestion: string | null): string | null =>
  suggestion === null ? null : `Did you mean \`${suggestion}\`?`;

/** VMC20xx: names and what they stand for. */
export const names = defineDiagnostics({
  unknownName: {
    code: 'VMC2001',
    severity: 'error',
    title: 'Unknown name',
    message: (p: {
      name: string;
      wanted: string;
      suggestion: string | null;
      /** The class that matches guests by this name. */
      matchedBy: string | null;
    }) => `There is no ${p.wanted} called ${p.name}.`,
    hint: (p) =>
      p.matchedBy === null
        ? (didYouMean(p.suggestion) ?? `Declare it, or name ${article(p.wanted)} that is declared.`)
        : `That is a name of guests. Policies name their class: \`${p.matchedBy}\`.`,
  },
  duplicateName: {
    code: 'VMC2002',
    severity: 'error',
    title: 'One name for two things',
    message: (p: { name: string; count: number }) =>
      `${p.name} is declared ${p.count === 2 ? 'twice' : `${p.count} times`}; classes, unions, conditions and switches share one set of names.`,
    hint: () => 'Give each its own name.',
  },
  wrongKind: {
    code: 'VMC2003',
    severity: 'error',
    title: 'A name of the wrong kind',
    message: (p: { name: string; is: string; wanted: string }) => `${p.name} is ${p.is}, not ${p.wanted}.`,
    hint: () => null,
  },
  unknownSignal: {
    code: 'VMC2004',
    severity: 'error',
    title: 'Unknown signal',
    message: (p: { signal: string; suggestion: string | null; known: string }) =>
      `There is no signal \`${p.signal}\`.`,
    hint: (p) => didYouMean(p.suggestion) ?? `Known here: ${p.known}.`,
  },
  conditionCycle: {
    code: 'VMC2005',
    severity: 'error',
    title: 'A condition defined by itself',
    message: (p: { cycle: string }) => `These conditions are defined in a circle: ${p.cycle}.`,
    hint: () => 'Define one of them without the others.',
  },
  unionCycle: {
    code: 'VMC2006',
    severity: 'error',
    title: 'A union that contains itself',
    message: (p: { cycle: string }) => `These unions contain each other in a circle: ${p.cycle}.`,
    hint: () => 'Take one of them out.',
  },
  repeatedMember: {
    code: 'VMC2007',
    severity: 'error',
    title: 'The same class twice in one list',
    message: (p: { name: string; list: 'union' | 'share' }) =>
      p.list === 'union'
        ? `${p.name} is in this union twice.`
        : `${p.name} is given two proportions in one share.`,
    hint: () => 'Remove one of the two.',
  },
  ownerAsSubject: {
    code: 'VMC2008',
    severity: 'error',
    title: 'The owner cannot be constrained',
    message: (p: { keyword: string }) =>
      `\`${p.keyword}\` is about guests; \`owner\` stands for everything that is not one.`,
    hint: () =>
      'Give the owner a floor by `keep … for owner`, or a part by `share cpu among owner 3, guests 1`.',
  },
  notACalendar: {
    code: 'VMC2009',
    severity: 'error',
    title: '`except` between things that are no calendars',
    message: (p: { text: string }) => `\`except\` takes calendars on both sides; \`${p.text}\` is none.`,
    hint: () => 'For conditions in general write `A and not B`.',
  },
  conditionTooLarge: {
    code: 'VMC2010',
    severity: 'error',
    title: 'A condition with too many parts',
    message: (p: { name: string; limit: number; measure: 'parts' | 'levels' }) =>
      `With all names replaced, ${p.name} has more than ${p.limit} ${p.measure}.`,
    hint: () => 'Definitions that repeat each other double at every step: define it with fewer names.',
  },
  missingProperty: {
    code: 'VMC2011',
    severity: 'error',
    title: 'A required property is missing',
    message: (p: { name: string; property: string; example: string }) => `${p.name} lacks \`${p.property}\`.`,
    hint: (p) => `Add a line such as \`${p.example}\`.`,
  },
  repeatedProperty: {
    code: 'VMC2012',
    severity: 'error',
    title: 'A property given twice',
    message: (p: { property: string }) => `\`${p.property}\` is given more than once.`,
    hint: () => 'Keep one.',
  },
  secondHost: {
    code: 'VMC2013',
    severity: 'error',
    title: 'Two descriptions of the host',
    message: (_: object) => 'There is more than one `host { … }`.',
    hint: () => 'Put all properties of the host into one.',
  },
  emptyPolicy: {
    code: 'VMC2014',
    severity: 'error',
    title: 'An empty policy',
    message: (_: object) => 'This policy says nothing: there is no sentence in it.',
    hint: () => 'Begin with a class, for example `vm video { match name "video" vcpus 2 }`.',
  },
  unknownTimezone: {
    code: 'VMC2015',
    severity: 'error',
    title: 'Unknown time zone',
    message: (p: { timezone: string }) => `There is no time zone \`${p.timezone}\`.`,
    hint: () => 'Use a name of the IANA database, such as "Europe/Berlin" or "UTC".',
  },
  emptyName: {
    code: 'VMC2017',
    severity: 'error',
    title: 'An empty name',
    message: (_: object) => 'A name has at least one character.',
    hint: () => null,
  },
});

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
