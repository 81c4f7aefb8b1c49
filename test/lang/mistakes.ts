/** A policy with one mistake: the code it has to draw, and on which line (counted in `text`, from 1). */
export interface Mistake {
  readonly what: string;
  readonly text: string;
  readonly code: string;
  readonly line: number;
  /** More than one error is accepted here, for the reason given. */
  readonly more?: string;
  /** What its hint has to say. */
  readonly hint?: string;
}

/** Declarations that most mistakes below are made against; its last line is line 6. */
const BASE = `vm video { match name "video" and user "alice" vcpus 2 }
group batch up to 6 vms { match user grid vcpus 1 }
group lent = video, batch
switch gaming
let office = weekdays 09:00-17:30
let busy = owner.demand > 60% for 30s until < 40% for 60s
`;

const after = (what: string, code: string, text: string, line = 1, more?: string): Mistake => ({
  what,
  code,
  text: `${BASE}${text}\n`,
  line: 6 + line,
  ...(more === undefined ? {} : { more }),
});

/** A mistake out of the habit of another language, whose hint names what is written here. */
const habit = (what: string, code: string, text: string, hint: string, line = 1): Mistake => ({
  ...after(what, code, text, line),
  hint,
});

const alone = (what: string, code: string, text: string, line = 1): Mistake => ({ what, code, text, line });

export const MISTAKES: readonly Mistake[] = [
  // Words
  after('a misspelt sentence', 'VMC1002', 'limt batch to 2 cores'),
  after(
    'a misspelt sentence among good ones',
    'VMC1002',
    'pause batch\nlimt batch to 2 cores\npause video',
    2,
  ),
  after('a misspelt keyword inside a sentence', 'VMC1001', 'limit batch too 2 cores'),
  after('a missing keyword', 'VMC1001', 'limit batch 2 cores'),
  after('a missing `every`', 'VMC1001', 'reserve video 4ms 20ms'),
  after('a missing subject', 'VMC1001', 'pause\nlimit batch to 1 core'),
  after('a missing amount', 'VMC1001', 'limit batch to\npause video'),
  after('a missing `for owner`', 'VMC1001', 'keep 2 cores\npause batch'),
  after('half a sentence at the end', 'VMC1001', 'limit batch to', 1),
  after('a misspelt `otherwise`', 'VMC1002', 'when office { pause batch } otherwse { pause video }'),
  after('a misspelt `when`', 'VMC1002', 'whn office { pause batch }'),
  after('a misspelt `and`', 'VMC1020', 'let both = office adn busy'),
  after('a misspelt mechanism', 'VMC1001', 'pause batch by freezr'),
  after('a stray word after a sentence', 'VMC1020', 'pause batch now'),
  after('a reserved word as a name', 'VMC1018', 'switch limit'),
  after('a reserved word as a class', 'VMC1018', 'vm owner { match name "x" and user a vcpus 1 }'),
  after('a name that starts with a digit', 'VMC1001', 'switch 2nd'),
  after('a missing name', 'VMC1001', 'switch\npause batch'),
  after('a missing equals sign', 'VMC1001', 'let night daily 22:00-06:00'),
  after('two sentences run into each other', 'VMC1001', 'limit batch to 2 cores and pause video'),
  after('`=` instead of a comparison', 'VMC1020', 'let x = owner.demand = 60%'),
  after('`==` in a comparison', 'VMC1020', 'let x = owner.demand == 60%'),
  after('a sign that does not exist', 'VMC1007', 'pause batch;'),
  after('a euro sign in an amount', 'VMC1007', 'limit batch to 2 € cores'),
  after('an umlaut in a name', 'VMC1007', 'switch m\u00fcde'),
  // Strings
  after('a string without an end', 'VMC1006', 'pause "batch\nlimit video to 1 core'),
  after('an unknown escape', 'VMC1006', 'pause "ba\\tch"'),
  alone('a pattern without quotes', 'VMC1017', 'vm video { match name video and user alice vcpus 2 }'),
  // Numbers and units
  after('an unknown unit', 'VMC2102', 'reserve video 4msec every 20ms'),
  after('an unknown unit at the end', 'VMC2102', 'limit batch to 2corse'),
  after('a size instead of a time', 'VMC2101', 'reserve video 4MB every 20ms'),
  after('a time instead of CPU', 'VMC2101', 'limit batch to 20ms'),
  after('a bare percentage as an amount', 'VMC2101', 'limit batch to 25%'),
  after('a number without a unit as an amount', 'VMC2101', 'limit batch to 2'),
  after('a unit on a proportion', 'VMC2101', 'share cpu among video 3 cores, batch 1'),
  after('a unit on a number of vCPUs', 'VMC2101', 'vm x { match user a vcpus 2 cores }'),
  after('a level that is no percentage', 'VMC2101', 'let x = forecast(owner.demand over 30s at 0.95) > 70%'),
  after('work in a comparison', 'VMC2101', 'let x = owner.demand > 3 core-hours'),
  after('a signal compared with the wrong unit', 'VMC2103', 'let x = owner.demand > 5 GiB'),
  after('a load compared with a percentage', 'VMC2103', 'let x = host.load > 80%'),
  after('an `until` with the wrong unit', 'VMC2103', 'let x = host.temperature > 80 C until < 70%'),
  after('a yes-or-no signal compared', 'VMC2104', 'let x = user.active > 1'),
  after('a quantity without a comparison', 'VMC2105', 'when owner.demand { pause batch }'),
  after('two units', 'VMC1002', 'limit batch to 2 cores\ncores', 2),
  after('a number that is glued to a word', 'VMC1008', 'share cpu among video 3,batch 1by share'),
  after('a number of absurd length', 'VMC1021', `limit batch to ${'1'.repeat(40)} cores`),
  after('a half vCPU', 'VMC2106', 'vm x { match user a vcpus 2.5 }'),
  after('no vCPU', 'VMC2107', 'vm x { match user a vcpus 0 }'),
  after('no guest', 'VMC2107', 'group x up to 0 vms { match user a vcpus 1 }'),
  after('an amount of nothing', 'VMC2107', 'limit batch to 0 cores'),
  after('more than the whole host', 'VMC2107', 'limit batch to 120% of cpu'),
  after('a proportion of nothing', 'VMC2107', 'share cpu among video 0, batch 1'),
  after('a period that is too short', 'VMC2107', 'reserve video 20us every 50us'),
  after('a period that is too long', 'VMC2107', 'reserve video 1s every 5s'),
  after('a budget that is too small', 'VMC2107', 'reserve video 1us every 20ms'),
  after('a duty cycle that is too fast', 'VMC2107', 'run batch 1ms every 5ms'),
  after('a duty cycle that is too slow', 'VMC2107', 'run batch 1h every 2h'),
  after('a certain forecast', 'VMC2107', 'let x = forecast(owner.demand over 30s at 100%) > 70%'),
  after('a budget over its period', 'VMC2108', 'reserve video 30ms every 20ms'),
  after('a long period under a condition', 'VMC2109', 'when office { reserve video 20ms every 2s }'),
  after('two amounts of CPU', 'VMC2114', 'limit batch to 2 cores and 25% of cpu'),
  // Braces and parentheses
  after('a missing closing brace at the end', 'VMC1004', 'when office {\n  pause batch\n'),
  after(
    'a missing closing brace before a declaration',
    'VMC1004',
    'when office {\n  pause batch\n\nswitch more',
  ),
  alone('a class without its closing brace', 'VMC1004', 'vm a {\n match user x\n vcpus 1\nswitch more\n'),
  after('a closing brace too many', 'VMC1005', 'when office { pause batch }\n}', 2),
  after('a missing opening brace', 'VMC1001', 'when office pause batch }'),
  after('a missing closing parenthesis', 'VMC1001', 'when (office or busy { pause batch }'),
  after('a closing parenthesis too many', 'VMC1001', 'when office or busy) { pause batch }'),
  after('an empty condition', 'VMC1001', 'when { pause batch }'),
  after('an operator without its right side', 'VMC1001', 'when office and { pause batch }'),
  after('an `otherwise` without its `when`', 'VMC1014', 'otherwise { pause batch }'),
  after('a second `otherwise`', 'VMC1014', 'when office { } otherwise { } otherwise { pause batch }'),
  after('a declaration under a condition', 'VMC1015', 'when office {\n  switch late\n}', 2),
  // Times
  after('a clock with one digit', 'VMC1016', 'let x = daily 9:00-17:00'),
  after('a date with one digit', 'VMC1016', 'let x = 2026-1-04'),
  after('an hour that does not exist', 'VMC2110', 'let x = daily 09:00-25:00'),
  after('midnight as a start', 'VMC2110', 'let x = daily 24:00-06:00'),
  after('a window with equal ends', 'VMC2111', 'let x = daily 09:00-09:00'),
  after('a day that does not exist', 'VMC2112', 'let x = 2026-02-29'),
  after('a month that does not exist', 'VMC2112', 'let x = 2026-13-01..2026-13-05'),
  after('a range of dates backwards', 'VMC2113', 'let x = 2027-01-01..2026-12-24'),
  after('one clock instead of a window', 'VMC1020', 'let x = daily 09:00'),
  after('a window without its second end', 'VMC1020', 'let x = weekdays 09:00- and busy'),
  after('`weekdays` in a list', 'VMC1020', 'let x = weekdays, sat'),
  after('`except` with a signal', 'VMC2009', 'let x = office except user.active'),
  after('white space in a signal', 'VMC1009', 'let x = owner. demand > 60%'),
  after('half a signal', 'VMC1019', 'let x = owner > 60%'),
  // Names
  after('an unknown class', 'VMC2001', 'pause bach'),
  after('an unknown condition', 'VMC2001', 'when ofice { pause batch }'),
  after('an unknown class in a union', 'VMC2001', 'group both = video, audio'),
  after('an unknown class in a signal', 'VMC2001', 'let x = vidio.cpu > 3 cores'),
  after('an unknown class in a share', 'VMC2001', 'share cpu among video 3, bach 1'),
  after('a condition as a class', 'VMC2003', 'pause office'),
  after('a class as a condition', 'VMC2003', 'when video { pause batch }'),
  after('a union of a switch', 'VMC2003', 'group both = video, gaming'),
  after('an unknown signal', 'VMC2004', 'let x = owner.demnd > 60%'),
  after('an unknown signal of a class', 'VMC2004', 'let x = video.disk > 60%'),
  after('a name used twice', 'VMC2002', 'switch office'),
  after('a condition in a circle', 'VMC2005', 'let a = b or busy\nlet b = not a'),
  after('a condition about itself', 'VMC2005', 'let a = a and busy'),
  after('a union in a circle', 'VMC2006', 'group a = b\ngroup b = a, video'),
  after('a class twice in a union', 'VMC2007', 'group both = video, batch, video'),
  after('a class twice in a share', 'VMC2007', 'share cpu among video 3, batch 1, video 2'),
  after('the owner as a subject', 'VMC2008', 'limit owner to 2 cores'),
  alone('a class without vCPUs', 'VMC2011', 'vm a {\n  match user x\n}'),
  alone('a class without a matcher', 'VMC2011', 'switch b\nvm a { vcpus 2 }', 2),
  alone('a property twice', 'VMC2012', 'vm a {\n  match user x\n  vcpus 2\n  vcpus 3\n}', 4),
  alone('an unknown property', 'VMC1003', 'vm a {\n  match user x\n  vcpu 2\n}', 3),
  alone('an unknown property of the host', 'VMC1003', 'host {\n  core 8\n}\nswitch x', 2),
  alone('two hosts', 'VMC2013', 'host { cores 8 }\nhost { memory 8 GiB }', 2),
  alone('a time zone that does not exist', 'VMC2015', 'host { timezone "Europe/Berlim" }'),
  alone('an empty file', 'VMC2014', ''),
  alone('a file of comments', 'VMC2014', '# nothing\n# yet\n'),
  alone('an empty name', 'VMC2017', 'switch ""'),
  // What this version does not compile
  after('`yield`', 'VMC2016', 'yield batch'),
  after('`place`', 'VMC2016', 'place batch on cores 0-3,6'),
  after('`stop`', 'VMC2016', 'stop batch within 30s'),
  after('`budget`', 'VMC2016', 'budget batch 20 core-hours per day then pause'),
  after('`assert`', 'VMC2016', 'assert batch at most 25% of cpu while office'),
  after('`import`', 'VMC2016', 'import "common.vmc"'),
  after('`ignore`', 'VMC2016', 'ignore match name "emulator" and user "alice"'),
  after('`signal`', 'VMC2016', 'signal price number'),
  after('`offer`', 'VMC2016', 'offer 2 vms web { vcpus 2 memory 2 GiB\n reserve 4ms every 20ms }'),
  after(
    '`test`',
    'VMC2016',
    'test "x" {\n  at 2026-11-23 10:00\n  given vms video\n  expect batch paused\n}',
  ),
  after('a reservation in any window', 'VMC2016', 'reserve video 4ms in any 30ms'),
  after('a reservation for tasks', 'VMC2016', 'reserve video for its tasks'),
  after('memory of the owner', 'VMC2016', 'keep 2 cores and 8 GiB memory for owner'),
  after('a part of the memory', 'VMC2016', 'limit batch to 25% of memory'),
  after('a rate of a disk', 'VMC2016', 'limit batch to 20 MB/s disk'),
  after('I/O operations', 'VMC2016', 'limit batch to 100 iops disk'),
  after('a process', 'VMC2016', 'when process "blender*" running { pause batch }'),
  after('an elastic ceiling', 'VMC2016', 'limit batch to 90% of cpu - owner.cpu between 10% and 80% of cpu'),
  after('equal shares', 'VMC2016', 'share cpu equally within batch'),
  after('a task', 'VMC2016', 'vm x {\n  match user a\n  vcpus 1\n  task t 4ms every 33ms within 20ms\n}', 4),
  // Habits of other languages
  habit('`else`', 'VMC1002', 'when office { pause batch } else { pause video }', '`otherwise { … }`'),
  habit(
    '`else` at the margin',
    'VMC1002',
    'when office { pause batch }\nelse\n{\n pause video\n}',
    '`otherwise',
    2,
  ),
  habit('`elif`', 'VMC1002', 'when office { pause batch } elif busy { pause video }', '`otherwise when'),
  after('a brace at the margin', 'VMC1002', '{\n pause batch\n}'),
  habit('hours alone', 'VMC1020', 'let x = weekdays 9-17', '`09:00-17:00`'),
  habit('hours without a leading zero', 'VMC1016', 'let x = weekdays 9:00-17:00', '`09:00-17:00`'),
  habit('memory without its word', 'VMC2101', 'limit batch to 512 MiB', '`512 MiB memory`'),
  habit('CPU and memory', 'VMC2101', 'limit batch to 2 cores and 512 MiB', '`512 MiB memory`'),
  habit('a part of a core', 'VMC1001', 'limit batch to 50% of core', '`50% of a core`'),
  habit('a switch compared', 'VMC1001', 'when gaming == on { pause batch }', '`gaming` or `not gaming`'),
  habit('a switch that is on', 'VMC1001', 'when gaming is on { pause batch }', '`gaming` or `not gaming`'),
  habit('a switch compared in a `let`', 'VMC1020', 'let x = gaming == on', '`gaming` or `not gaming`'),
  habit('a switch with a value', 'VMC1020', 'switch more = on', 'Comparisons are'),
  habit(
    '`on` in a sentence under a condition',
    'VMC1001',
    'when busy { limit batch on 2 cores }',
    'It reads: `limit',
  ),
  habit(
    'a switch compared in parentheses',
    'VMC1001',
    'when busy and (gaming == on) { pause batch }',
    '`not gaming`',
  ),
  habit('a signal compared by `==`', 'VMC1020', 'let x = owner.demand == 60%', 'Comparisons are'),
  habit('`per` in a reservation', 'VMC1001', 'reserve batch 20ms per 100ms', '`20ms every 100ms`'),
  habit('`per` in a duty cycle', 'VMC1001', 'run batch 20 ms per 1 s by duty', '`20 ms every 1 s`'),
  habit('a negative proportion', 'VMC1001', 'share cpu among video 3, batch -1', 'Numbers have no sign.'),
  {
    what: "a guest's name instead of its class",
    code: 'VMC2001',
    text: 'vm web { match name "web-1" and user alice vcpus 2 }\npause web-1\n',
    line: 2,
    hint: 'class: `web`',
  },
  // Size and shape
  {
    what: 'another language',
    code: 'VMC1013',
    text: 'int main\n'.repeat(60),
    line: 51,
    more: 'every line is one',
  },
  alone('a NUL byte', 'VMC1012', 'switch a\nswitch \0b\n', 2),
  alone('bytes that are not UTF-8', 'VMC1012', 'switch a\n# \uFFFD\n', 2),
  alone('too deep', 'VMC1010', `let a = daily\nwhen ${'('.repeat(70)}a${')'.repeat(70)} { pause guests }`, 2),
  alone('too large', 'VMC1011', `# ${'x'.repeat(1_048_576)}`),
  alone(
    'definitions that double at every line',
    'VMC2010',
    `switch s\nlet a0 = s\n${Array.from({ length: 16 }, (_, i) => `let a${i + 1} = a${i} and a${i}`).join('\n')}\n`,
    13,
  ),
  alone(
    'a chain of very many definitions',
    'VMC2010',
    `switch s\nlet a0 = s\n${Array.from({ length: 80 }, (_, i) => `let a${i + 1} = not a${i}`).join('\n')}\n`,
    67,
  ),
];

/** Legal policies that draw a warning, alone. */
export const ADVISED: readonly Mistake[] = [
  alone('a promise to a name', 'VMC6001', 'vm a { match name "x" vcpus 1 }\nreserve a 4ms every 20ms', 2),
  alone('a promise to an argument', 'VMC6001', 'vm a { match arg "-x" vcpus 1 }\nguarantee a 1 core', 2),
  alone(
    'a promise to a union with one vouched class',
    'VMC6001',
    'vm a { match user x vcpus 1 }\nvm b { match user y\n match name "b" vcpus 1 }\ngroup c = a, b\nguarantee c 1 core',
    5,
  ),
  after('own use as a condition', 'VMC6002', 'when owner.cpu > 60% { pause batch }'),
  after('own use by a name', 'VMC6002', 'let x = owner.cpu > 60%\nwhen busy or x { limit batch to 1 core }'),
  after('own use under `otherwise`', 'VMC6002', 'when owner.cpu < 60% { } otherwise { pause batch }'),
  after('overlapping thresholds', 'VMC6003', 'let x = owner.demand > 60% until < 70%'),
  after('an end in the same direction', 'VMC6003', 'let x = owner.demand > 60% until > 80%'),
];
