import { after, habit, type Mistake, mended } from './mistake.js';

/** What people write out of the habit of another language, or of none: the hint names what is written here. */
export const HABIT_MISTAKES: readonly Mistake[] = [
  // Conditions
  habit('`else`', 'VMC1002', 'when office { pause batch } else { pause video }', '`otherwise { … }`', {
    fixed: 'when office { pause batch } otherwise { pause video }',
  }),
  habit(
    '`else` at the margin',
    'VMC1002',
    'when office { pause batch }\nelse\n{\n pause video\n}',
    '`otherwise',
    {
      line: 2,
      fixed: 'otherwise\n{',
    },
  ),
  habit('`elif`', 'VMC1002', 'when office { pause batch } elif busy { pause video }', '`otherwise when', {
    fixed: 'when office { pause batch } otherwise when busy { pause video }',
  }),
  habit(
    '`else if`',
    'VMC1002',
    'when office { pause batch } else if busy { pause video }',
    '`otherwise when',
    {
      fixed: 'when office { pause batch } otherwise when busy { pause video }',
    },
  ),
  habit('`if`', 'VMC1002', 'if office { pause batch }', '`when`', { fixed: 'when office { pause batch }' }),
  habit('`unless`', 'VMC1002', 'unless office { pause batch }', '`when not`', {
    fixed: 'when not office { pause batch }',
  }),
  after('a brace at the margin', 'VMC1002', '{\n pause batch\n}'),
  habit('a switch compared', 'VMC1001', 'when gaming == on { pause batch }', '`gaming` or `not gaming`', {
    fixed: 'when gaming { pause batch }',
  }),
  habit('a switch that is off', 'VMC1001', 'when gaming = off { pause batch }', '`gaming` or `not gaming`', {
    fixed: 'when not gaming { pause batch }',
  }),
  habit('a switch that is on', 'VMC1001', 'when gaming is on { pause batch }', '`gaming` or `not gaming`', {
    fixed: 'when gaming { pause batch }',
  }),
  habit('a switch compared in a `let`', 'VMC1020', 'let x = gaming == on', '`gaming` or `not gaming`', {
    fixed: 'let x = gaming',
  }),
  habit('a switch with a value', 'VMC1020', 'switch more = on', 'Comparisons are'),
  habit(
    '`on` in a sentence under a condition',
    'VMC1001',
    'when busy { limit batch on 2 cores }',
    'It reads: `limit',
    { fixed: 'when busy { limit batch to 2 cores }' },
  ),
  habit(
    'a switch compared in parentheses',
    'VMC1001',
    'when busy and (gaming == on) { pause batch }',
    '`not gaming`',
    { fixed: 'when busy and (gaming) { pause batch }' },
  ),
  habit('a signal compared by `==`', 'VMC1020', 'let x = owner.demand == 60%', 'Comparisons are'),
  habit('`&&`', 'VMC1007', 'let x = office && busy', '`and`', { fixed: 'let x = office and busy' }),
  habit('`&&` without white space', 'VMC1007', 'let x = office&&busy', '`and`', {
    fixed: 'let x = office and busy',
  }),
  habit('`||`', 'VMC1007', 'when office || busy { pause batch }', '`or`', {
    fixed: 'when office or busy { pause batch }',
  }),
  habit('`!`', 'VMC1007', 'when !office { pause batch }', '`not`', {
    fixed: 'when not office { pause batch }',
  }),
  habit('a sign of mathematics', 'VMC1007', 'let x = owner.demand \u2265 60%', '`>=`', {
    fixed: 'let x = owner.demand >= 60%',
  }),
  mended(
    'a misspelt `for` in a condition',
    'VMC1020',
    'let x = owner.demand > 60% fro 30s',
    'let x = owner.demand > 60% for 30s',
  ),
  mended(
    'a misspelt `until`',
    'VMC1020',
    'let x = owner.demand > 60% untl < 40%',
    'let x = owner.demand > 60% until < 40%',
  ),
  mended(
    'a missing `for` in a condition',
    'VMC1020',
    'let x = owner.demand > 60% 30s',
    'let x = owner.demand > 60% for 30s',
  ),
  mended('a misspelt `assuming`', 'VMC1020', 'let x = busy asuming true', 'let x = busy assuming true'),
  mended('`assuming on`', 'VMC1001', 'let x = busy assuming tru', 'let x = busy assuming true'),
  mended(
    'a misspelt `except`',
    'VMC1020',
    'let x = office exept 2026-12-24',
    'let x = office except 2026-12-24',
  ),
  mended(
    'a forecast without `at`',
    'VMC1001',
    'let x = forecast(owner.demand over 30s 95%) > 70%',
    'let x = forecast(owner.demand over 30s at 95%) > 70%',
  ),
  mended(
    'a forecast without its parenthesis',
    'VMC1001',
    'let x = forecast(owner.demand over 30s at 95% > 70%',
    'let x = forecast(owner.demand over 30s at 95%) > 70%',
  ),
  mended(
    'a misspelt `upper`',
    'VMC1001',
    'let x = forecast(owner.demand over 30s at uper 95%) > 70%',
    'let x = forecast(owner.demand over 30s at upper 95%) > 70%',
  ),
  after('a forecast that is not compared', 'VMC1001', 'let x = forecast(owner.demand over 30s at 95%)'),
  // Times
  habit('hours alone', 'VMC1020', 'let x = weekdays 9-17', '`09:00-17:00`', {
    fixed: 'let x = weekdays 09:00-17:00',
  }),
  habit('hours of half a day', 'VMC1020', 'let x = weekdays 9am-5pm', '`09:00-17:00`', {
    fixed: 'let x = weekdays 09:00-17:00',
  }),
  habit('hours without a leading zero', 'VMC1016', 'let x = weekdays 9:00-17:00', '`09:00-17:00`', {
    fixed: 'let x = weekdays 09:00-17:00',
  }),
  habit('hours and white space', 'VMC1020', 'let x = weekdays 09:00 - 17:00', '`09:00-17:00`', {
    fixed: 'let x = weekdays 09:00-17:00',
  }),
  habit('hours with `to`', 'VMC1020', 'let x = weekdays 9 to 17', '`09:00-17:00`', {
    fixed: 'let x = weekdays 09:00-17:00',
  }),
  habit('hours in a `when`', 'VMC1001', 'when weekdays 9-17 { pause batch }', '`09:00-17:00`', {
    fixed: 'when weekdays 09:00-17:00 { pause batch }',
  }),
  habit('hours without days', 'VMC1001', 'let x = 9-17', '`daily 09:00-17:00`', {
    fixed: 'let x = daily 09:00-17:00',
  }),
  habit('a window without days', 'VMC1001', 'let x = 09:00-17:00', '`daily 09:00-17:00`', {
    fixed: 'let x = daily 09:00-17:00',
  }),
  habit('a dash of typographers', 'VMC1020', 'let x = weekdays 09:00\u201317:00', '`09:00-17:00`', {
    fixed: 'let x = weekdays 09:00-17:00',
  }),
  after('a day written out', 'VMC2001', 'let x = monday'),
  // Amounts and units
  habit('memory without its word', 'VMC2101', 'limit batch to 512 MiB', '`512 MiB memory`', {
    fixed: 'limit batch to 512 MiB memory',
  }),
  habit('CPU and memory', 'VMC2101', 'limit batch to 2 cores and 512 MiB', '`512 MiB memory`', {
    fixed: 'limit batch to 2 cores and 512 MiB memory',
  }),
  habit('a part of a core', 'VMC1001', 'limit batch to 50% of core', '`50% of a core`', {
    fixed: 'limit batch to 50% of a core',
  }),
  habit('a part of the CPU', 'VMC1020', 'limit batch to 25% cpu', '`% of cpu`', {
    fixed: 'limit batch to 25% of cpu',
  }),
  habit('CPUs', 'VMC2102', 'limit batch to 2 cpus', '`cores`', { fixed: 'limit batch to 2 cores' }),
  habit('seconds', 'VMC2102', 'run batch 2 seconds every 1min', '`s`', { fixed: 'run batch 2 s every 1min' }),
  habit('gigabytes as elsewhere', 'VMC2102', 'limit batch to 2G memory', '`GiB`', {
    fixed: 'limit batch to 2GiB memory',
  }),
  habit('bits a second', 'VMC2102', 'limit batch to 20mbps network', '`Mbit/s`', {
    fixed: 'limit batch to 20Mbit/s network',
  }),
  habit('`per` in a reservation', 'VMC1001', 'reserve batch 20ms per 100ms', '`20ms every 100ms`', {
    fixed: 'reserve batch 20ms every 100ms',
  }),
  habit('`per` in a duty cycle', 'VMC1001', 'run batch 20 ms per 1 s by duty', '`20 ms every 1 s`', {
    fixed: 'run batch 20 ms every 1 s by duty',
  }),
  habit('a slash for `every`', 'VMC1007', 'reserve video 20ms/100ms', '`every`', {
    fixed: 'reserve video 20ms every 100ms',
  }),
  habit('a slash for `per`', 'VMC1007', 'budget batch 20 core-hours/day', '`per`', {
    fixed: 'budget batch 20 core-hours per day',
  }),
  habit('a budget a day', 'VMC1001', 'budget batch 20 core-hours a day', '`per day`', {
    fixed: 'budget batch 20 core-hours per day',
  }),
  habit('a daily budget', 'VMC1001', 'budget batch 20 core-hours daily', '`per day`', {
    fixed: 'budget batch 20 core-hours per day',
  }),
  habit('a negative proportion', 'VMC1001', 'share cpu among video 3, batch -1', 'Numbers have no sign.'),
  habit('a number with a sign', 'VMC1007', 'limit batch to +2 cores', 'Remove it.', {
    fixed: 'limit batch to 2 cores',
  }),
  after('a comma in a number', 'VMC1020', 'limit batch to 1,5 cores'),
  after('a number without its first digit', 'VMC1001', 'limit batch to .5 cores'),
  after('a power of ten', 'VMC2102', 'limit batch to 1e3 cores'),
  // Sentences
  habit('semicolons', 'VMC1007', 'pause batch; pause video', 'Remove it.', {
    fixed: 'pause batch pause video',
  }),
  habit('`the owner`', 'VMC1001', 'keep 2 cores for the owner', 'keep 2 cores for owner', {
    fixed: 'keep 2 cores for owner',
  }),
  habit('a synonym of `limit`', 'VMC1002', 'cap batch to 2 cores', '`limit`', {
    fixed: 'limit batch to 2 cores',
  }),
  habit('a synonym of `pause`', 'VMC1002', 'suspend batch', '`pause`', { fixed: 'pause batch' }),
  habit('a capital', 'VMC1002', 'Limit batch to 2 cores', '`limit`', { fixed: 'limit batch to 2 cores' }),
  habit('a condition behind its sentence', 'VMC1001', 'pause batch when busy', 'in front', {
    fixed: 'when busy { pause batch }',
  }),
  habit(
    'a condition behind its sentence, and another sentence',
    'VMC1001',
    'pause batch when process "x" running\nlimit video to 1 core',
    'in front',
    { fixed: 'when process "x" running { pause batch }\nlimit video to 1 core' },
  ),
  habit('`if` behind a sentence', 'VMC1020', 'limit batch to 2 cores if office', 'in front', {
    fixed: 'when office { limit batch to 2 cores }',
  }),
  habit('`unless` behind a sentence', 'VMC1020', 'pause batch unless office', 'in front', {
    fixed: 'when not (office) { pause batch }',
  }),
  habit('a guarantee of time', 'VMC1020', 'guarantee batch 100ms every 1s', 'an amount'),
  habit('a comma between tests', 'VMC1020', 'vm x { match user a, name "b"\n  vcpus 1 }', 'joined by `and`', {
    fixed: 'vm x { match user a and name "b"\n  vcpus 1 }',
  }),
  habit('`and` between sentences', 'VMC1001', 'limit batch to 2 cores and pause video', 'not joined'),
  mended('a mechanism without `by`', 'VMC1020', 'pause batch freezer', 'pause batch by freezer'),
  mended('a word twice', 'VMC1001', 'limit batch to to 2 cores', 'limit batch to 2 cores'),
  mended('a parenthesis too many', 'VMC1001', 'when office) { pause batch }', 'when office { pause batch }'),
  mended('a union without commas', 'VMC1020', 'group x = video batch', 'group x = video, batch'),
  mended(
    'mechanisms without commas',
    'VMC1020',
    'host { mechanisms share duty }',
    'host { mechanisms share, duty }',
  ),
  mended(
    'a group without `up to`',
    'VMC1001',
    'group x 3 vms { match user a vcpus 1 }',
    'group x up to 3 vms { match user a vcpus 1 }',
  ),
  mended(
    'a group without `to`',
    'VMC1001',
    'group x up 3 vms { match user a vcpus 1 }',
    'group x up to 3 vms { match user a vcpus 1 }',
  ),
  mended('a class with `=`', 'VMC1001', 'vm x = { match user a vcpus 1 }', 'vm x { match user a vcpus 1 }'),
  mended(
    'a property with `=`',
    'VMC1001',
    'vm x { match user a vcpus = 1 }',
    'vm x { match user a vcpus 1 }',
  ),
  after('a property with a colon', 'VMC1007', 'vm x { match user a vcpus: 1 }'),
  mended(
    'a comma between properties',
    'VMC1020',
    'vm x { match user a, vcpus 1 }',
    'vm x { match user a vcpus 1 }',
  ),
  mended(
    'a path as a time zone',
    'VMC1001',
    'host { timezone Europe/Berlin }',
    'host { timezone "Europe/Berlin" }',
  ),
  mended('an umlaut in a name', 'VMC1007', 'switch m\u00fcde', 'switch "m\u00fcde"'),
  after('single quotes', 'VMC1006', "pause 'batch'"),
  after('quotes of typographers', 'VMC1006', 'pause \u201cbatch\u201d'),
  after('a comment of C', 'VMC1007', 'pause batch // now\n'),
  {
    what: "a guest's name instead of its class",
    code: 'VMC2001',
    text: 'vm web { match name "web-1" and user alice vcpus 2 }\npause web-1\n',
    line: 2,
    hint: 'class: `web`',
  },
];
