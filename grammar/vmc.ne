# The normative grammar of the policy language: scannerless, over characters, unambiguous.
#
# `npm test` runs it against src/lang/parser.ts: both must accept the same texts and build equal trees
# (src/lang/tree.ts, without spans).
#
# Three things are not context-free and stand in postprocessors:
# - `B`, the begin of a word or number, is empty, and fails directly behind a character of another word. Whoever loads
#   the grammar supplies `charBefore(offset)`, the character in front of an offset ('' at the begin).
# - A bare name is none of the reserved words, nor two days joined by `-`.
# - Directly behind `given`, the bare name `vms` without a path is no signal: it begins the list of guests.

@{%
const RESERVED = new Set((
  'import host vm group ignore switch signal let test keep limit reserve guarantee share run pause yield stop place ' +
  'budget offer assert when otherwise and or not except for until assuming forecast true false daily weekdays ' +
  'weekends mon tue wed thu fri sat sun guests others owner user process each while that').split(' '));
const DAY_RANGE = /^(mon|tue|wed|thu|fri|sat|sun)-(mon|tue|wed|thu|fri|sat|sun)$/;

const nth = (n) => (d) => d[n];
const first = nth(0);
const second = nth(1);
const third = nth(2);
const nothing = () => null;
const yes = () => true;
const no = () => false;
/** All characters below `d`, in order. */
const text = (d) => (Array.isArray(d) ? d.map(text).join('') : d === null ? '' : d);
const word = (d) => ({ text: text(d) });
/** `item (separator item):*`, where the repeated part yields the item. */
const list = (d) => [d[0], ...d[1]];
/** The same in a macro, whose parameters come wrapped. */
const macroList = (d) => d.flat(2);
/** The values at some places of the rule, under names: `pick({ name: 2 })`. */
const pick = (places) => (d) => Object.fromEntries(Object.entries(places).map(([name, n]) => [name, d[n]]));
const node = (kind, places = {}) => (d) => ({ kind, ...pick(places)(d) });
/** A sentence; those that take no `by` have null there. */
const sentence = (kind, places) => (d) => {
  const fields = pick(places)(d);
  return { kind, ...fields, by: fields.by ?? null };
};
const chain = (kind) => ([head, tail]) => (tail.length === 0 ? head : { kind, operands: [head, ...tail] });
const quantity = (unit) => (d) => ({ number: d[0], unit });
const quantityWithUnit = (d) => ({ number: d[0], unit: text(d[2]) });
/** One of a range: it is its own last. */
const alone = (d) => ({ first: text(d[1]), last: text(d[1]) });
const range = (d) => ({ first: text(d[1]), last: text(d[3]) });
/** Of an operand or the subject of a comparison. */
const isBareVms = ({ kind, signal }) =>
  (kind === 'signal' || kind === 'reference') && signal.path.length === 0 && signal.head.kind === 'named' &&
  signal.head.name.text === 'vms' && !signal.head.name.quoted;
const otherThanVms = (d, _, reject) => (isBareVms(d[0]) ? reject : d[0]);
%}

# A word of the language, and one item or several with commas between them; macros have to stand before their uses.
word[X] -> B $X
commas[X] -> $X (_ "," _ $X {% nth(3) %}):* {% macroList %}

policy -> "\uFEFF":? _ (import _ {% first %}):* (statement _ {% first %}):* finalComment:?
  {% (d) => ({ kind: 'policy', statements: [...d[2], ...d[3]] }) %}

import -> word["import"] _ string {% node('import', { path: 2 }) %}

statement ->
    host {% first %}
  | class {% first %}
  | union {% first %}
  | ignore {% first %}
  | let {% first %}
  | switch {% first %}
  | signalDeclaration {% first %}
  | test {% first %}
  | guarded {% first %}

# What may stand under a condition.
guarded -> constraint {% first %} | when {% first %}

# ---- Declarations

host -> word["host"] _ "{" _ (hostProperty _ {% first %}):* "}" {% node('host', { properties: 4 }) %}
hostProperty ->
    word["cores"] _ count {% node('cores', { value: 2 }) %}
  | word["memory"] _ size {% node('memory', { value: 2 }) %}
  | word["timezone"] _ string {% node('timezone', { value: 2 }) %}
  | word["mechanisms"] _ commas[mechanism] {% node('mechanisms', { mechanisms: 2 }) %}

class ->
    word["vm"] _ name _ classBody
      {% (d) => ({ kind: 'class', name: d[2], capacity: null, properties: d[4], damaged: false }) %}
  | word["group"] _ name _ word["up"] _ word["to"] _ count _ vmsWord _ classBody
      {% (d) => ({ kind: 'class', name: d[2], capacity: d[8], properties: d[12], damaged: false }) %}
vmsWord -> word["vms"] | word["vm"]
classBody -> "{" _ (classProperty _ {% first %}):* "}" {% third %}
classProperty ->
    match {% node('match', { tests: 0 }) %}
  | guestProperty {% first %}
# What both a class and an offer say of each guest.
guestProperty ->
    word["vcpus"] _ count {% node('vcpus', { value: 2 }) %}
  | word["memory"] _ size {% node('memory', { value: 2 }) %}
  | word["overhead"] _ every {% (d) => ({ kind: 'overhead', ...d[2] }) %}
  | word["task"] _ name _ time _ word["every"] _ time deadline
      {% node('task', { name: 2, cost: 4, period: 8, deadline: 9 }) %}
deadline -> null {% nothing %} | _ word["within"] _ time {% nth(3) %}
match -> word["match"] _ matchTest (_ word["and"] _ matchTest {% nth(3) %}):* {% (d) => [d[2], ...d[3]] %}
matchTest ->
    patternAttribute _ string {% pick({ attribute: 0, pattern: 2 }) %}
  | userAttribute _ name {% pick({ attribute: 0, pattern: 2 }) %}
patternAttribute -> B ("name" | "uuid" | "unit" | "cgroup" | "arg") {% word %}
userAttribute -> word["user"] {% word %}

union -> word["group"] _ name _ "=" _ commas[name] {% node('union', { name: 2, members: 6 }) %}
ignore -> word["ignore"] _ match {% node('ignore', { tests: 2 }) %}
let -> word["let"] _ name _ "=" _ condition {% node('let', { name: 2, condition: 6 }) %}
switch -> word["switch"] _ name {% node('switch', { name: 2 }) %}
signalDeclaration -> word["signal"] _ name _ signalType {% node('signal', { name: 2, type: 4 }) %}
signalType -> B ("number" | "time" | "size" | "rate" | "C") {% word %} | "%" {% word %}

# ---- Constraints

constraint ->
    word["keep"] _ amounts _ word["for"] _ word["owner"] by {% sentence('keep', { amounts: 2, by: 7 }) %}
  | word["limit"] each _ subject _ word["to"] _ ceilings by
      {% sentence('limit', { each: 1, subject: 3, amounts: 7, by: 8 }) %}
  | word["reserve"] _ subject _ reservation by {% sentence('reserve', { subject: 2, form: 4, by: 5 }) %}
  | word["guarantee"] each _ subject _ amounts by
      {% sentence('guarantee', { each: 1, subject: 3, amounts: 5, by: 6 }) %}
  | word["share"] _ word["cpu"] _ word["among"] _ commas[part] by {% sentence('share', { parts: 6, by: 7 }) %}
  | word["share"] _ word["cpu"] _ word["equally"] _ word["within"] _ subject by
      {% sentence('share-equally', { subject: 8, by: 9 }) %}
  | word["run"] _ subject _ every by {% (d) => ({ kind: 'run', subject: d[2], ...d[4], by: d[5] }) %}
  | word["pause"] _ subject by {% sentence('pause', { subject: 2, by: 3 }) %}
  | word["yield"] _ subject {% sentence('yield', { subject: 2 }) %}
  | word["place"] _ subject _ word["on"] _ word["cores"] _ commas[coreRange]
      {% sentence('place', { subject: 2, cores: 8 }) %}
  | word["stop"] _ subject _ word["within"] _ time {% sentence('stop', { subject: 2, within: 6 }) %}
  | word["budget"] each _ subject _ work _ word["per"] _ budgetPeriod exhausted
      {% sentence('budget', { each: 1, subject: 3, work: 5, per: 9, then: 10 }) %}
  | word["offer"] _ count _ vmsWord _ name _ "{" _ (offerTerm _ {% first %}):* "}"
      {% (d) => ({ kind: 'offer', count: d[2], name: d[6], terms: d[10], damaged: false, by: null }) %}
  | word["assert"] each _ subject _ claim while
      {% sentence('assert', { each: 1, subject: 3, claim: 5, while: 6 }) %}

each -> null {% no %} | _ word["each"] {% yes %}
by -> null {% nothing %} | _ word["by"] _ mechanism {% nth(3) %}
mechanism -> B ("reservation" | "share" | "quota" | "duty" | "freezer") {% word %}

subject ->
    name {% node('named', { name: 0 }) %}
  | word["guests"] {% node('guests') %}
  | word["others"] {% node('others') %}
part -> partSubject _ count {% pick({ subject: 0, proportion: 2 }) %}
partSubject -> subject {% first %} | word["owner"] {% node('owner') %}

every -> time _ word["every"] _ time {% pick({ budget: 0, period: 4 }) %}
reservation ->
    every {% (d) => ({ kind: 'every', ...d[0] }) %}
  | time _ word["in"] _ word["any"] _ time {% node('in-any', { budget: 0, window: 6 }) %}
  | word["for"] _ word["its"] _ word["tasks"] {% node('tasks') %}

coreRange -> B coreNumber {% alone %} | B coreNumber "-" coreNumber {% range %}
coreNumber -> [0-9]:+ {% text %}

budgetPeriod -> B ("day" | "week" | "month") {% word %}
exhausted ->
    null {% nothing %}
  | _ word["then"] _ word["pause"] {% node('pause') %}
  | _ word["then"] _ word["limit"] _ word["to"] _ amounts {% node('limit', { amounts: 7 }) %}

offerTerm ->
    guestProperty {% first %}
  | word["reserve"] _ reservation {% node('reserve', { form: 2 }) %}
  | word["guarantee"] _ amounts {% node('guarantee', { amounts: 2 }) %}
  | word["limit"] _ word["to"] _ amounts {% node('limit', { amounts: 4 }) %}

claim -> bound {% first %} | word["paused"] {% node('paused') %}
bound ->
    word["at"] _ word["most"] _ amount {% node('at-most', { amount: 4 }) %}
  | word["at"] _ word["least"] _ amount {% node('at-least', { amount: 4 }) %}
while -> null {% nothing %} | _ word["while"] _ condition {% nth(3) %}

when -> arm (_ word["otherwise"] _ arm {% nth(3) %}):* otherwise
  {% (d) => ({ kind: 'when', arms: [d[0], ...d[1]], otherwise: d[2] }) %}
arm -> word["when"] _ condition _ block {% pick({ condition: 2, body: 4 }) %}
otherwise -> null {% nothing %} | _ word["otherwise"] _ block {% nth(3) %}
block -> "{" _ (guarded _ {% first %}):* "}" {% third %}

# Amounts

amounts -> amount (_ word["and"] _ amount {% nth(3) %}):* {% list %}
amount ->
    cpu {% node('cpu', { quantity: 0 }) %}
  | size _ word["memory"] {% node('memory', { quantity: 0 }) %}
  | memoryShare {% node('memory', { quantity: 0 }) %}
  | rate _ word["disk"] {% node('disk', { quantity: 0 }) %}
  | iops _ word["disk"] {% node('disk', { quantity: 0 }) %}
  | rate _ word["network"] {% node('network', { quantity: 0 }) %}

# The amounts of a `limit` sentence.
ceilings -> ceiling (_ word["and"] _ ceiling {% nth(3) %}):* {% list %}
ceiling -> amount {% first %} | elastic {% first %}
elastic -> cpu __ "-" __ comparisonSubject _ word["between"] _ lowerEnd _ word["and"] _ cpu
  {% node('elastic', { base: 0, minus: 4, from: 8, to: 12 }) %}
lowerEnd -> cpu {% first %} | percent {% first %}

# ---- Conditions, from the loosest to the tightest

condition ->
    or {% first %}
  | or _ word["assuming"] _ truth {% node('assuming', { operand: 0, value: 4 }) %}
truth -> word["true"] {% yes %} | word["false"] {% no %}
or -> and (_ word["or"] _ and {% nth(3) %}):* {% chain('or') %}
and -> not (_ word["and"] _ not {% nth(3) %}):* {% chain('and') %}
not -> except {% first %} | word["not"] _ not {% node('not', { operand: 2 }) %}
except ->
    atom {% first %}
  | atom (_ word["except"] _ atom {% nth(3) %}):+ {% node('except', { base: 0, removed: 1 }) %}
atom ->
    "(" _ condition _ ")" {% third %}
  | calendar {% first %}
  | operand {% first %}
  | comparisonSubject _ threshold until {% node('comparison', { subject: 0, start: 2, until: 3 }) %}
# What is true or false by itself.
operand ->
    signal {% node('reference', { signal: 0 }) %}
  | word["process"] _ string _ word["running"] {% node('process', { pattern: 2 }) %}

# Calendars

calendar ->
    days windows {% node('days', { days: 0, windows: 1 }) %}
  | dates windows {% node('dates', { ranges: 0, windows: 1 }) %}
days -> daySet {% (d) => [d[0]] %} | commas[day] {% first %}
daySet -> B ("daily" | "weekdays" | "weekends") {% alone %}
day -> B dayName {% alone %} | B dayName "-" dayName {% range %}
dayName -> "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun"
dates -> commas[dateItem] {% first %}
dateItem -> B date {% alone %} | B date ".." date {% range %}
date -> [0-9] [0-9] [0-9] [0-9] "-" [0-9] [0-9] "-" [0-9] [0-9] {% text %}
windows -> null {% () => [] %} | _ commas[window] {% second %}
window -> B clock "-" clock {% (d) => ({ start: d[1], end: d[3] }) %}
clock -> [0-9] [0-9] ":" [0-9] [0-9] {% text %}

# Signals

signal ->
    name path {% (d) => ({ head: { kind: 'named', name: d[0] }, path: d[1] }) %}
  | builtIn "." segment path {% (d) => ({ head: { kind: d[0] }, path: [d[2], ...d[3]] }) %}
builtIn -> B ("host" | "owner" | "user" | "guests" | "others") {% text %}
path -> ("." segment {% second %}):* {% first %}
segment -> letters {% first %}

comparisonSubject -> signal {% node('signal', { signal: 0 }) %} | forecast {% first %}
forecast -> word["forecast"] _ "(" _ signal _ word["over"] _ time _ word["at"] side _ percent _ ")"
  {% node('forecast', { signal: 4, over: 8, side: 11, level: 13 }) %}
side ->
    null {% () => 'upper' %}
  | _ word["upper"] {% () => 'upper' %}
  | _ word["lower"] {% () => 'lower' %}
threshold -> comparator _ comparable hold {% pick({ operator: 0, quantity: 2, for: 3 }) %}
hold -> null {% nothing %} | _ word["for"] _ time {% nth(3) %}
until -> null {% nothing %} | _ word["until"] _ threshold {% nth(3) %}
comparator -> "<" {% text %} | "<=" {% text %} | ">" {% text %} | ">=" {% text %}

# ---- Tests

test -> word["test"] _ string _ "{" _ (testLine _ {% first %}):* "}" {% node('test', { title: 2, lines: 6 }) %}
testLine ->
    word["at"] _ testDate _ testClock {% node('at', { date: 2, clock: 4 }) %}
  | word["given"] _ fact {% node('given', { fact: 2 }) %}
  | word["expect"] each _ subject _ outcome {% node('expect', { each: 1, subject: 3, outcome: 5 }) %}
  | word["expect"] _ word["that"] _ condition {% node('expect-that', { condition: 4 }) %}
testDate -> B date {% word %}
testClock -> B clock {% word %}

fact ->
    factOperand {% (d) => ({ kind: 'truth', operand: d[0], value: true }) %}
  | word["not"] _ operand {% (d) => ({ kind: 'truth', operand: d[2], value: false }) %}
  | factSubject _ "=" _ comparable {% node('value', { subject: 0, quantity: 4 }) %}
  | factSubject _ word["unknown"] {% node('unknown', { subject: 0 }) %}
  | word["budget"] _ subject _ word["spent"] {% node('spent', { subject: 2 }) %}
  | word["vms"] _ commas[givenGuests] {% node('vms', { guests: 2 }) %}
# Neither is the bare name `vms`.
factOperand -> operand {% otherThanVms %}
factSubject -> comparisonSubject {% otherThanVms %}
givenGuests ->
    subject {% (d) => ({ count: null, subject: d[0] }) %}
  | count _ subject {% pick({ count: 0, subject: 2 }) %}

outcome ->
    bound {% first %}
  | word["paused"] {% node('paused') %}
  | word["yields"] {% node('yields') %}
  | word["runs"] _ every {% (d) => ({ kind: 'runs', ...d[2] }) %}
  | word["reserved"] _ reservation {% node('reserved', { form: 2 }) %}
  | word["guaranteed"] _ amounts {% node('guaranteed', { amounts: 2 }) %}

# ---- Quantities: between a number and its unit no white space is needed

# What a signal may be compared with; which of them fits the signal is not a matter of syntax.
comparable ->
    count {% first %} | time {% first %} | cpu {% first %} | size {% first %} | percent {% first %}
  | memoryShare {% first %} | rate {% first %} | temperature {% first %}
count -> number {% quantity('') %}
percent -> number _ "%" {% quantity('%') %}
time -> number _ timeUnit {% quantityWithUnit %}
timeUnit -> "ns" | "us" | "ms" | "s" | "min" | "h" | "d"
cpu ->
    number _ "core" {% quantity('core') %}
  | number _ "cores" {% quantity('cores') %}
  | number _ "%" _ word["of"] _ word["cpu"] {% quantity('% of cpu') %}
  | number _ "%" _ word["of"] _ word["a"] _ word["core"] {% quantity('% of a core') %}
size -> number _ sizeUnit {% quantityWithUnit %}
sizeUnit -> "B" | "KB" | "MB" | "GB" | "TB" | "KiB" | "MiB" | "GiB" | "TiB"
memoryShare -> number _ "%" _ word["of"] _ word["memory"] {% quantity('% of memory') %}
rate -> number _ rateUnit {% quantityWithUnit %}
rateUnit ->
    "bit/s" | "Kbit/s" | "Mbit/s" | "Gbit/s"
  | "B/s" | "KB/s" | "MB/s" | "GB/s" | "KiB/s" | "MiB/s" | "GiB/s"
iops -> number _ "iops" {% quantity('iops') %}
work -> number _ workUnit {% quantityWithUnit %}
workUnit ->
    "core-second" | "core-minute" | "core-hour"
  | "core-seconds" | "core-minutes" | "core-hours"
temperature -> number _ "C" {% quantity('C') %}
number -> B [0-9]:+ ("." [0-9]:+):? {% (d) => text([d[1], d[2]]) %}

# ---- Names

name -> B letters {% (d) => ({ text: d[1], quoted: false }) %} | string {% first %}
letters -> [A-Za-z] [A-Za-z0-9_-]:*
  {% (d, _, reject) => (RESERVED.has(text(d)) || DAY_RANGE.test(text(d)) ? reject : text(d)) %}
string -> "\"" stringCharacter:* "\"" {% (d) => ({ text: text(d[1]), quoted: true }) %}
stringCharacter -> [^"\\\n\r] {% first %} | "\\" ["\\] {% second %}

# ---- White space

B -> null {% (d, offset, reject) => (/[A-Za-z0-9_-]/.test(charBefore(offset)) ? reject : null) %}
_ -> (white | comment):* {% nothing %}
# Where some is needed: around a binary minus.
__ -> (white | comment):+ {% nothing %}
white -> [ \t\r\n]
comment -> "#" [^\n]:* "\n"
finalComment -> "#" [^\n]:* {% nothing %}
