// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of snippets are written so.
import type { Body } from '../forms/starts.js';

/** How something is written, what it says, and what an editor may insert for it (LSP's snippet syntax). */
export interface StatementDoc {
  readonly form: string;
  readonly meaning: string;
  readonly snippet: string;
}

const doc = (form: string, meaning: string, snippet: string): StatementDoc => ({ form, meaning, snippet });

const MATCH = doc(
  'match name GLOB and user NAME …',
  'Which guests belong to the class: all tests of one line; several lines are alternatives.',
  'match name "${1:pattern}" and user ${2:someone}',
);

const GUEST_PROPERTIES: Readonly<Record<string, StatementDoc>> = {
  vcpus: doc('vcpus N', 'Virtual processors of each guest. Required.', 'vcpus ${1:1}'),
  memory: doc('memory SIZE', 'Memory of each guest.', 'memory ${1:2 GiB}'),
  overhead: doc(
    'overhead Q every P',
    "What QEMU's own main loop gets beside the vCPUs when the guest holds a reservation; 0.5ms every 10ms unless said.",
    'overhead ${1:0.5ms} every ${2:10ms}',
  ),
  task: doc(
    'task NAME C every T [within D]',
    'A real-time task inside the guest: at most C of CPU in every T, done within D of its release.',
    'task ${1:name} ${2:4ms} every ${3:33ms}',
  ),
};

const CONSTRAINTS: Readonly<Record<string, StatementDoc>> = {
  keep: doc(
    'keep AMOUNTS for owner',
    'A floor for everything that is no guest. Guests may use it while the owner does not; whole cores of it carry no reservation.',
    'keep ${1:1 core} for owner',
  ),
  limit: doc(
    'limit [each] SUBJECT to AMOUNTS',
    "A ceiling on the subject's sum; with `each`, on every member.",
    'limit ${1:guests} to ${2:2 cores}',
  ),
  reserve: doc(
    'reserve SUBJECT Q every P · Q in any W · for its tasks',
    'A real-time reservation for each vCPU, admitted by analysis.',
    'reserve ${1:name} ${2:20ms} every ${3:100ms}',
  ),
  guarantee: doc(
    'guarantee [each] SUBJECT AMOUNTS',
    'A floor: at least that rate, whenever it is wanted.',
    'guarantee ${1:name} ${2:1 core}',
  ),
  share: doc(
    'share cpu among A N, B N, … · share cpu equally within A',
    'Proportions of what is left, while several want it.',
    'share cpu among ${1:a} ${2:3}, ${3:b} ${4:1}',
  ),
  run: doc(
    'run SUBJECT Q every P',
    'A duty cycle: each member runs for Q and is stopped for the rest of P.',
    'run ${1:name} ${2:200ms} every ${3:1s}',
  ),
  pause: doc('pause SUBJECT', 'Its guests are stopped.', 'pause ${1:name}'),
  yield: doc('yield SUBJECT', 'Runs only when nothing else wants the CPU.', 'yield ${1:name}'),
  place: doc(
    'place SUBJECT on cores 0-3,6',
    'Its threads run on these cores only.',
    'place ${1:name} on cores ${2:0-1}',
  ),
  stop: doc(
    'stop SUBJECT within TIME',
    'Its guests are asked to power down; those that have not by then are ended. Under a guard: when that becomes true.',
    'stop ${1:name} within ${2:5min}',
  ),
  budget: doc(
    'budget [each] SUBJECT WORK per day|week|month [then pause | then limit to AMOUNTS]',
    'A cap on what is consumed in a calendar period; without `then` it is only reported.',
    'budget ${1:name} ${2:20 core-hours} per ${3|day,week,month|} then ${4:pause}',
  ),
  offer: doc(
    'offer N vms NAME { … }',
    'Guests that the owner will start on request: admitted with everything else, so the offer can always be honoured.',
    'offer ${1:1} vms ${2:name} {\n\tvcpus ${3:1}\n\t$0\n}',
  ),
  assert: doc(
    'assert [each] SUBJECT at most AMOUNT · at least AMOUNT · paused [while CONDITION]',
    'Must hold in every mode that can occur; checked when the policy is compiled.',
    'assert ${1:name} at most ${2:25% of cpu}',
  ),
  when: doc(
    'when CONDITION { … } otherwise { … }',
    'What is inside holds while the condition does.',
    'when ${1:condition} {\n\t$0\n}',
  ),
  otherwise: doc(
    'otherwise { … } · otherwise when CONDITION { … }',
    'What holds while the condition of the block in front does not.',
    'otherwise {\n\t$0\n}',
  ),
};

const DECLARATIONS: Readonly<Record<string, StatementDoc>> = {
  import: doc(
    'import "common.vmc"',
    "Reads another file, whose classes match before this one's. Stands first.",
    'import "${1:common.vmc}"',
  ),
  host: doc(
    'host { cores N  memory SIZE  timezone "Area/City"  mechanisms … }',
    'What this policy takes for the host; what is absent comes from the host facts.',
    'host {\n\t$0\n}',
  ),
  vm: doc(
    'vm NAME { match …  vcpus N … }',
    'A class of at most one guest at a time.',
    'vm ${1:name} {\n\tmatch name "${2:pattern}" and user ${3:someone}\n\tvcpus ${4:1}\n}',
  ),
  group: doc(
    'group NAME up to N vms { … } · group NAME = a, b, …',
    'A class of up to N guests, each with these properties; or a union of classes.',
    'group ${1:name} up to ${2:4} vms {\n\tmatch name "${3:pattern}" and user ${4:someone}\n\tvcpus ${5:1}\n}',
  ),
  ignore: doc(
    'ignore match …',
    "Guests that are the owner's own: never touched.",
    'ignore match name "${1:pattern}" and user ${2:someone}',
  ),
  switch: doc(
    'switch NAME',
    'A condition that the owner flips: `vmc set NAME on for 2h`. Off until then.',
    'switch ${1:name}',
  ),
  signal: doc(
    'signal NAME number|%|time|size|rate|C',
    'A value that something outside pushes; unknown until it is set and after its time.',
    'signal ${1:name} ${2|number,%,time,size,rate,C|}',
  ),
  let: doc('let NAME = CONDITION', 'Gives a condition a name.', 'let ${1:name} = ${2:condition}'),
  test: doc(
    'test "what it shows" { at … given … expect … }',
    'A test of the policy, run by `vmc test`.',
    'test "${1:what it shows}" {\n\tgiven ${2:owner.demand = 80%}\n\texpect ${3:name} ${4:paused}\n}',
  ),
};

/** What each starter says, in each kind of body. */
export const STATEMENT_DOCS: Readonly<Record<Body, Readonly<Record<string, StatementDoc>>>> = {
  policy: { ...DECLARATIONS, ...CONSTRAINTS },
  block: CONSTRAINTS,
  class: { match: MATCH, ...GUEST_PROPERTIES },
  host: {
    cores: doc('cores N', 'Cores of the host.', 'cores ${1:8}'),
    memory: doc('memory SIZE', 'Memory of the host.', 'memory ${1:32 GiB}'),
    timezone: doc(
      'timezone "Area/City"',
      'The zone in which calendars are read.',
      'timezone "${1:Europe/Berlin}"',
    ),
    mechanisms: doc(
      'mechanisms reservation, share, quota, duty, freezer',
      'The only mechanisms that the compiler may use.',
      'mechanisms ${1:share, quota, duty}',
    ),
  },
  offer: {
    ...GUEST_PROPERTIES,
    reserve: doc(
      'reserve Q every P · Q in any W · for its tasks',
      'A reservation for each vCPU of each guest.',
      'reserve ${1:20ms} every ${2:100ms}',
    ),
    guarantee: doc('guarantee AMOUNTS', 'At least that much, for each guest.', 'guarantee ${1:1 core}'),
    limit: doc('limit to AMOUNTS', 'At most that much, for each guest.', 'limit to ${1:1 core}'),
  },
  test: {
    at: doc('at DATE CLOCK', "The time of the test, in the host's zone.", 'at ${1:2026-11-23} ${2:10:00}'),
    given: doc(
      'given SIGNAL = QUANTITY · [not] CONDITION · SIGNAL unknown · vms [N] SUBJECT, … · budget SUBJECT spent',
      'What is the case; what is not given is quiet.',
      'given ${1:owner.demand = 80%}',
    ),
    expect: doc(
      'expect [each] SUBJECT … · expect that CONDITION',
      'What must follow.',
      'expect ${1:name} ${2:paused}',
    ),
  },
};
