import type { Mistake } from './mistakes.js';

/** A policy of well-formed sentences with one mistake in what they mean; `fixed` is the line that its fix makes. */
export interface MeaningMistake extends Omit<Mistake, 'more' | 'hint'> {
  readonly fixed?: string;
  /** Roles of the other places, in order. */
  readonly roles?: readonly string[];
}

/** Every declaration is used, so that no advice is drawn; its last line is line 14. */
const BASE = `vm video { match name "video" and user "alice" vcpus 2 task decode 4ms every 33ms }
vm plain { match user "bob" vcpus 1 }
group batch up to 6 vms { match user grid vcpus 1 }
group lent = plain, batch
switch gaming
signal price number
signal heat C
let office = weekdays 09:00-17:30
let busy = owner.demand > 60% for 30s until < 40% for 60s
offer 2 vms web { vcpus 1 memory 2 GiB limit to 1 core }
when gaming and office and busy { pause lent }
when price > 30 and heat < 90 C { limit guests to 2 cores }
budget batch 20 core-hours per day

`;
const LINES = BASE.split('\n').length - 1;

type Details = Omit<MeaningMistake, 'what' | 'text' | 'code' | 'line'>;

const after = (
  what: string,
  code: string,
  text: string,
  { line = 1, ...details }: Details & { line?: number } = {},
): MeaningMistake => ({ what, code, text: `${BASE}${text}\n`, line: LINES + line, ...details });

const inTest = (what: string, code: string, lines: string, details: Details & { line?: number } = {}) =>
  after(what, code, `test "it" {\n${lines}\nexpect batch paused\n}`, { line: 2, ...details });

const offer = (terms: string) => `offer 1 vm x { vcpus 1 ${terms} }`;

export const MEANING_MISTAKES: readonly MeaningMistake[] = [
  // Names
  after('a misspelt class', 'VMC2001', 'pause bach', { fixed: 'pause batch' }),
  after('a misspelt class in a share', 'VMC2001', 'share cpu among vidio 2, batch 1', {
    fixed: 'share cpu among video 2, batch 1',
  }),
  after('a misspelt class in a budget', 'VMC2001', 'budget bach 2 core-hours per day', {
    fixed: 'budget batch 2 core-hours per day',
  }),
  after('a misspelt class in an assertion', 'VMC2001', 'assert each bach paused', {
    fixed: 'assert each batch paused',
  }),
  after('a misspelt class of a placement', 'VMC2001', 'place bach on cores 0', {
    fixed: 'place batch on cores 0',
  }),
  after('a class that does not resemble any', 'VMC2001', 'yield elephants'),
  after('a misspelt condition', 'VMC2001', 'when bussy { pause batch }', {
    fixed: 'when busy { pause batch }',
  }),
  after('a misspelt condition in an assertion', 'VMC2001', 'assert batch paused while ofice', {
    fixed: 'assert batch paused while office',
  }),
  after('a misspelt pushed signal', 'VMC2001', 'when prise > 3 { pause batch }', {
    fixed: 'when price > 3 { pause batch }',
  }),
  after('half of a signal', 'VMC2001', 'when demand > 60% { pause batch }', {
    fixed: 'when owner.demand > 60% { pause batch }',
  }),
  after('half of a yes-or-no signal', 'VMC2001', 'when on-battery { pause batch }', {
    fixed: 'when host.on-battery { pause batch }',
  }),
  after(
    'a misspelt class in a ceiling',
    'VMC2001',
    'limit batch to 1 core - vidio.cpu between 0.1 cores and 1 core',
    {
      fixed: 'limit batch to 1 core - video.cpu between 0.1 cores and 1 core',
    },
  ),
  inTest('a misspelt class given', 'VMC2001', 'given vms vidio', { fixed: 'given vms video' }),
  inTest('a misspelt class expected', 'VMC2001', 'expect bach paused', { fixed: 'expect batch paused' }),
  inTest('a misspelt switch given', 'VMC2001', 'given gamin', { fixed: 'given gaming' }),
  inTest('a misspelt condition expected', 'VMC2001', 'expect that bussy', { fixed: 'expect that busy' }),
  after('a signal and an offer of one name', 'VMC2002', 'signal web number', { roles: ['also an offer'] }),
  after('an offer called like a class', 'VMC2002', 'offer 1 vm batch { vcpus 1 }', {
    roles: ['also a class of guests'],
  }),
  after('an offer as a subject', 'VMC2003', 'pause web', { roles: ['declared here'] }),
  after('an offer in a union', 'VMC2003', 'group x = batch, web\npause x', { roles: ['declared here'] }),
  after('a signal as a subject', 'VMC2003', 'pause price', { roles: ['declared here'] }),
  after('a class as a condition', 'VMC2003', 'when batch { pause video }', {
    roles: ['declared here'],
    fixed: 'when batch.running { pause video }',
  }),
  after('a class twice in a union', 'VMC2007', 'group x = video, batch, video\npause x', {
    roles: ['first named here'],
    fixed: 'group x = video, batch\npause x',
  }),
  after('a misspelt time zone', 'VMC2015', 'host { timezone "Europe/Berlim" }', {
    fixed: 'host { timezone "Europe/Berlin" }',
  }),
  after('half of a time zone', 'VMC2015', 'host { timezone "New York" }', {
    fixed: 'host { timezone "America/New_York" }',
  }),
  after('a class as a quantity', 'VMC2003', 'when batch > 3 cores { pause batch }', {
    roles: ['declared here'],
  }),
  inTest('a condition that is given', 'VMC2003', 'given busy', { roles: ['declared here'] }),
  inTest('a switch that is unknown', 'VMC2003', 'given gaming unknown', { roles: ['declared here'] }),
  inTest('an offer that is given', 'VMC2003', 'given vms web', { roles: ['declared here'] }),
  after('a misspelt signal', 'VMC2004', 'when owner.demnd > 60% { pause batch }', {
    fixed: 'when owner.demand > 60% { pause batch }',
  }),
  after('a misspelt signal of a class', 'VMC2004', 'when batch.memry > 1 GiB { pause batch }', {
    fixed: 'when batch.memory > 1 GiB { pause batch }',
  }),
  inTest('a misspelt signal that is given', 'VMC2004', 'given host.batery = 20%', {
    fixed: 'given host.battery = 20%',
  }),
  after('an offer without vCPUs', 'VMC2011', 'offer 1 vm x { memory 2 GiB }'),
  after('a term twice in an offer', 'VMC2012', offer('limit to 1 core\nlimit to 2 cores'), {
    line: 2,
    roles: ['first given here'],
  }),
  after('an empty name of an offer', 'VMC2017', 'offer 1 vm "" { vcpus 1 }'),
  // Tasks
  after('tasks of a class that has none', 'VMC2022', 'reserve plain for its tasks', {
    roles: ['declares no task'],
  }),
  after(
    'tasks of a union with a class that has none',
    'VMC2022',
    'group x = video, plain\nreserve x for its tasks',
    {
      line: 2,
      roles: ['declares no task'],
    },
  ),
  after('tasks of all guests', 'VMC2022', 'reserve guests for its tasks', {
    roles: ['declares no task', 'declares no task'],
  }),
  after('tasks of others', 'VMC2022', 'reserve others for its tasks'),
  after('tasks of an offer without tasks', 'VMC2022', offer('reserve for its tasks')),
  inTest('tasks that are expected of a class without', 'VMC2022', 'expect plain reserved for its tasks', {
    roles: ['declares no task'],
  }),
  after('a task twice', 'VMC2023', offer('task a 1ms every 9ms\ntask a 1ms every 9ms'), {
    line: 2,
    roles: ['first declared here'],
  }),
  // Tests
  after('a test twice', 'VMC2024', 'test "a" { expect batch paused }\ntest "a" { expect batch yields }', {
    line: 2,
    roles: ['the other one'],
  }),
  after('an empty test', 'VMC2025', 'test "a" { }'),
  after('a test that only gives', 'VMC2025', 'test "a" {\n given gaming\n}'),
  inTest('a test at two times', 'VMC2026', 'at 2026-11-23 10:00\nat 2026-11-23 11:00', {
    line: 3,
    roles: ['the first one'],
  }),
  inTest('a signal given twice', 'VMC2027', 'given host.load = 3\ngiven host.load = 4', {
    line: 3,
    roles: ['first given here'],
  }),
  inTest('a signal given and unknown', 'VMC2027', 'given host.load = 3\ngiven host.load unknown', {
    line: 3,
    roles: ['first given here'],
  }),
  inTest('a switch given twice', 'VMC2027', 'given gaming\ngiven not gaming', {
    line: 3,
    roles: ['first given here'],
  }),
  inTest('a process given twice', 'VMC2027', 'given process "x" running\ngiven process "x" running', {
    line: 3,
    roles: ['first given here'],
  }),
  inTest('a budget given twice', 'VMC2027', 'given budget batch spent\ngiven budget batch spent', {
    line: 3,
    roles: ['first given here'],
  }),
  inTest('guests given twice', 'VMC2027', 'given vms batch, video\ngiven vms 2 batch', {
    line: 3,
    roles: ['first given here'],
  }),
  inTest('guests given by a union too', 'VMC2027', 'given vms lent, batch', { roles: ['first given here'] }),
  inTest('a calendar without a time', 'VMC2028', 'expect that daily 09:00-17:00'),
  inTest('a calendar behind names without a time', 'VMC2028', 'expect that not (gaming or office)', {
    roles: ['the calendar'],
  }),
  inTest('a budget that does not exist', 'VMC2029', 'given budget lent spent'),
  inTest('two guests of a `vm`', 'VMC2030', 'given vms 2 video', { roles: ['declared here'] }),
  inTest('too many guests of a group', 'VMC2030', 'given vms 7 batch', { roles: ['declared here'] }),
  inTest('too many guests of a class in a union', 'VMC2030', 'given vms 2 lent', {
    roles: ['declared here'],
  }),
  // Types
  after('a number for a percentage', 'VMC2103', 'when host.battery < 20 { pause batch }', {
    fixed: 'when host.battery < 20% { pause batch }',
  }),
  after('a number for CPU', 'VMC2103', 'when owner.demand > 60 { pause batch }', {
    fixed: 'when owner.demand > 60% { pause batch }',
  }),
  after('a number for a temperature', 'VMC2103', 'when host.temperature > 80 { pause batch }', {
    fixed: 'when host.temperature > 80 C { pause batch }',
  }),
  after('CPU for a percentage', 'VMC2103', 'when host.disk.busy > 60% of cpu { pause batch }', {
    fixed: 'when host.disk.busy > 60% { pause batch }',
  }),
  after('a pushed number in percent', 'VMC2103', 'when price > 30% { pause batch }'),
  after('a pushed temperature as a number', 'VMC2103', 'when heat > 30 { pause batch }', {
    fixed: 'when heat > 30 C { pause batch }',
  }),
  after(
    'a forecast compared with a time',
    'VMC2103',
    'when forecast(price over 1h at 90%) > 3s { pause batch }',
  ),
  inTest('a load given in percent', 'VMC2103', 'given host.load = 80%'),
  inTest('a forecast given as a size', 'VMC2103', 'given forecast(owner.demand over 30s at 95%) = 3 GiB'),
  after('a switch compared', 'VMC2104', 'when gaming > 1 { pause batch }'),
  after('a condition compared', 'VMC2104', 'when busy > 60% { pause batch }'),
  after(
    'a forecast of a yes-or-no signal',
    'VMC2104',
    'when forecast(user.active over 30s at 95%) > 1 { pause batch }',
  ),
  after(
    'a ceiling that follows a switch',
    'VMC2104',
    'limit batch to 1 core - gaming between 0.1 cores and 1 core',
  ),
  inTest('a switch given as a number', 'VMC2104', 'given gaming = 1'),
  inTest('a yes-or-no signal given as a percentage', 'VMC2104', 'given user.active = 80%'),
  inTest('an unknown forecast of a switch', 'VMC2104', 'given forecast(gaming over 30s at 95%) unknown'),
  after('a pushed signal alone', 'VMC2105', 'when price { pause batch }'),
  inTest('a quantity given as true', 'VMC2105', 'given owner.demand'),
  inTest('a pushed signal given as false', 'VMC2105', 'given not price'),
  after(
    'a ceiling that follows a load',
    'VMC2116',
    'limit batch to 1 core - host.load between 0.1 cores and 1 core',
  ),
  after(
    'a ceiling that follows a forecast of memory',
    'VMC2116',
    'limit batch to 1 core - forecast(batch.memory over 10s at 95%) between 0.1 cores and 1 core',
  ),
  // Values
  after('half a guest in an offer', 'VMC2106', 'offer 1.5 vms x { vcpus 1 }'),
  after('no vCPU in an offer', 'VMC2107', 'offer 1 vm x { vcpus 0 }'),
  after('an amount of no memory', 'VMC2107', 'limit batch to 0 GiB memory'),
  after('more than the memory', 'VMC2107', 'limit batch to 110% of memory'),
  after('a rate of nothing', 'VMC2107', 'limit batch to 0 MB/s network'),
  after('half an I/O operation', 'VMC2106', 'limit batch to 0.5 iops disk'),
  after('no work', 'VMC2107', 'budget plain 0 core-hours per day'),
  after(
    'a ceiling from nothing',
    'VMC2107',
    'limit batch to 90% of cpu - owner.demand between 0% and 80% of cpu',
  ),
  after('no time to power down', 'VMC2107', 'stop batch within 100ms'),
  after('a week to power down', 'VMC2107', 'stop batch within 7d'),
  after(
    'a certain forecast in a ceiling',
    'VMC2107',
    'limit batch to 1 core - forecast(owner.demand over 10s at 100%) between 0.1 cores and 1 core',
  ),
  after('a core that no kernel has', 'VMC2107', 'place batch on cores 0-3,8192'),
  after('a date before all calendars', 'VMC2107', 'when 1969-12-31 { pause batch }'),
  after('a date beyond all calendars', 'VMC2107', 'when 2026-12-24..2200-01-01 { pause batch }'),
  inTest('a test in another century', 'VMC2107', 'at 1969-12-31 10:00'),
  after('a window over its range', 'VMC2107', 'reserve video 1ms in any 2h'),
  after('a budget over its window', 'VMC2108', 'reserve video 30ms in any 20ms'),
  after('a budget over its period in an offer', 'VMC2108', offer('reserve 30ms every 20ms')),
  inTest('a budget over its period in a test', 'VMC2108', 'expect batch runs 2s every 1s'),
  after(
    'a long period in an offer under a condition',
    'VMC2109',
    `when gaming {\n${offer('reserve 20ms every 2s')}\n}`,
    { line: 2 },
  ),
  inTest('a test at midnight’s other name', 'VMC2110', 'at 2026-11-23 24:00'),
  inTest('a test on a day that does not exist', 'VMC2112', 'at 2026-02-29 10:00'),
  after('dates backwards', 'VMC2113', 'when 2027-01-01..2026-12-24 { pause batch }', {
    fixed: 'when 2026-12-24..2027-01-01 { pause batch }',
  }),
  after('two amounts of memory', 'VMC2114', 'limit batch to 4 GiB memory and 25% of memory', {
    roles: ['the other one'],
  }),
  after(
    'a plain and an elastic amount of CPU',
    'VMC2114',
    'limit batch to 1 core and 2 cores - owner.cpu between 1 core and 2 cores',
    {
      roles: ['the other one'],
    },
  ),
  after(
    'two rates of one disk',
    'VMC2114',
    'budget plain 1 core-hour per day then limit to 1 MB/s disk and 2 MB/s disk',
    {
      roles: ['the other one'],
    },
  ),
  after('a task that cannot be done', 'VMC2115', offer('task a 4ms every 33ms within 3ms'), {
    roles: ['what it takes'],
  }),
  after('a task longer than its period', 'VMC2115', offer('task a 40ms every 33ms'), {
    roles: ['what it takes'],
  }),
  after('a deadline behind the period', 'VMC2115', offer('task a 4ms every 33ms within 40ms'), {
    roles: ['its period'],
    fixed: offer('task a 4ms every 33ms within 33ms'),
  }),
  after('a task without any time', 'VMC2107', offer('task a 0ms every 33ms')),
  after(
    'bounds in the wrong order',
    'VMC2117',
    'limit batch to 90% of cpu - owner.demand between 80% and 10% of cpu',
    {
      fixed: 'limit batch to 90% of cpu - owner.demand between 10% of cpu and 80% of cpu',
    },
  ),
  after('cores backwards', 'VMC2118', 'place batch on cores 1,6-4', { fixed: 'place batch on cores 1,4-6' }),
];

/** Legal, but seldom meant: `severity` and code of what is drawn, alone. */
export const MEANING_ADVICE: readonly (MeaningMistake & { readonly severity: 'warning' | 'advice' })[] = [
  { ...after('an unused condition', 'VMC6004', 'let x = daily'), severity: 'advice' },
  { ...after('an unused switch', 'VMC6004', 'switch x'), severity: 'advice' },
  { ...after('an unused signal', 'VMC6004', 'signal x time'), severity: 'advice' },
  { ...after('an unused union', 'VMC6004', 'group x = video, batch'), severity: 'advice' },
  {
    ...after('own use that throttles', 'VMC6002', 'when owner.cpu > 60% { pause video }', {
      fixed: 'when owner.demand > 60% { pause video }',
    }),
    severity: 'warning',
  },
  {
    ...after('a mechanism without CPU', 'VMC6005', 'limit batch to 8 GiB memory and 20 MB/s disk by quota', {
      fixed: 'limit batch to 8 GiB memory and 20 MB/s disk',
    }),
    severity: 'warning',
  },
  {
    ...after('a mechanism without CPU of the owner', 'VMC6005', 'keep 8 GiB memory for owner by share', {
      fixed: 'keep 8 GiB memory for owner',
    }),
    severity: 'warning',
  },
  {
    ...after(
      'bounds that are equal',
      'VMC6006',
      'limit batch to 90% of cpu - owner.demand between 20% and 20% of cpu',
    ),
    severity: 'warning',
  },
  {
    ...after(
      'a base under the bounds',
      'VMC6006',
      'limit batch to 10% of cpu - owner.demand between 20% and 30% of cpu',
    ),
    severity: 'warning',
  },
];
