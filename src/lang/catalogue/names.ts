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
      `${p.name} is declared ${p.count === 2 ? 'twice' : `${p.count} times`}; classes, unions, offers, conditions, switches and signals share one set of names.`,
    hint: () => 'Give each its own name.',
  },
  wrongKind: {
    code: 'VMC2003',
    severity: 'error',
    title: 'A name of the wrong kind',
    message: (p: { name: string; is: string; wanted: string; advice: string | null }) =>
      `${p.name} is ${p.is}, not ${p.wanted}.`,
    hint: (p) => p.advice,
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
    hint: () => 'Put all properties of the host into one; it holds for all files.',
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
    message: (p: { timezone: string; suggestion: string | null }) =>
      `There is no time zone \`${p.timezone}\`.`,
    hint: (p) =>
      didYouMean(p.suggestion) ?? 'Use a name of the IANA database, such as "Europe/Berlin" or "UTC".',
  },
  unreadableImport: {
    code: 'VMC2018',
    severity: 'error',
    title: 'An import that cannot be read',
    message: (p: { path: string; reason: string }) => `"${p.path}" cannot be imported: ${p.reason}.`,
    hint: () => 'The path is relative to the folder of the file that it is written in.',
  },
  importOutside: {
    code: 'VMC2019',
    severity: 'error',
    title: 'An import from another folder',
    message: (p: { path: string }) => `"${p.path}" leads out of the folder of this policy.`,
    hint: () =>
      'A policy imports from its own folder and those below it, by paths such as "common.vmc" or "lab/nodes.vmc".',
  },
  importCycle: {
    code: 'VMC2020',
    severity: 'error',
    title: 'A file that imports itself',
    message: (p: { cycle: string }) => `These files import each other in a circle: ${p.cycle}.`,
    hint: () => 'Move what both need into a file that imports neither.',
  },
  tooManyImports: {
    code: 'VMC2021',
    severity: 'error',
    title: 'Too many imported files',
    message: (p: { limit: number }) => `A policy may import at most ${p.limit} files; this is one more.`,
    hint: () => 'Put the sentences of several files into one.',
  },
  noTasks: {
    code: 'VMC2022',
    severity: 'error',
    title: 'A reservation for tasks that nobody declared',
    message: (p: { subject: string; lacking: string | null }) =>
      p.lacking === null
        ? `${p.subject} can have no tasks: it is nothing that this policy declares.`
        : `A reservation for the tasks of ${p.subject} needs to know them, but ${p.lacking}.`,
    hint: () =>
      'Declare them where the guests are declared, for example `task decode 4ms every 33ms`, or reserve a budget: `reserve … 4ms every 33ms`.',
  },
  repeatedTask: {
    code: 'VMC2023',
    severity: 'error',
    title: 'Two tasks of one name',
    message: (p: { name: string }) => `The task ${p.name} is declared twice.`,
    hint: () => 'Give each task of a guest its own name.',
  },
  repeatedTitle: {
    code: 'VMC2024',
    severity: 'error',
    title: 'Two tests of one name',
    message: (p: { title: string }) => `There is another test called "${p.title}".`,
    hint: () => 'Give each test its own name: reports call it by that.',
  },
  emptyTest: {
    code: 'VMC2025',
    severity: 'error',
    title: 'A test that expects nothing',
    message: (p: { title: string }) => `The test "${p.title}" expects nothing: it could not fail.`,
    hint: () => 'Say what has to come of it, for example `expect batch at most 25% of cpu`.',
  },
  repeatedTime: {
    code: 'VMC2026',
    severity: 'error',
    title: 'A test at two times',
    message: (_: object) => 'A test takes place at one time.',
    hint: () => 'Write another test for the other time.',
  },
  repeatedGiven: {
    code: 'VMC2027',
    severity: 'error',
    title: 'The same thing given twice',
    message: (p: { what: string }) => `${p.what} is given twice in this test.`,
    hint: () => 'Keep one. Another case is another test.',
  },
  timelessCalendar: {
    code: 'VMC2028',
    severity: 'error',
    title: 'A calendar in a test without a time',
    message: (p: { calendar: string }) =>
      `Whether \`${p.calendar}\` holds depends on the time, and this test does not say when it takes place.`,
    hint: () => 'Add a time, for example `at 2026-11-23 10:00`.',
  },
  noBudget: {
    code: 'VMC2029',
    severity: 'error',
    title: 'A budget that does not exist',
    message: (p: { subject: string }) => `No \`budget\` is about ${p.subject}: there is nothing to spend.`,
    hint: () => 'Name the subject of a `budget` sentence as it stands there.',
  },
  tooManyGuests: {
    code: 'VMC2030',
    severity: 'error',
    title: 'More guests than a class takes',
    message: (p: { count: string; name: string; capacity: string }) =>
      `${p.name} takes ${p.capacity}, not ${p.count}.`,
    hint: () => 'Guests beyond that belong to no class: give those as `others`.',
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
