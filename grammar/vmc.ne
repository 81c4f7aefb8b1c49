# The normative grammar of the policy language: scannerless, over characters, unambiguous.
#
# It covers what this version compiles. `npm test` runs it against src/lang/parser.ts: both must accept the same texts
# and build equal trees (src/lang/tree.ts, without spans).
#
# Two things are not context-free and stand in postprocessors:
# - `B`, the begin of a word or number, is empty, and fails directly behind a character of another word. Whoever loads
#   the grammar supplies `charBefore(offset)`, the character in front of an offset ('' at the begin).
# - A bare name is none of the reserved words.

@{%
const RESERVED = new Set((
  'import host vm group ignore switch signal let test keep limit reserve guarantee share run pause yield stop place ' +
  'budget offer assert when otherwise and or not except for until assuming forecast true false daily weekdays ' +
  'weekends mon tue wed thu fri sat sun guests others owner user process each while that').split(' '));
const DAY_RANGE = /^(mon|tue|wed|thu|fri|sat|sun)-(mon|tue|wed|thu|fri|sat|sun)$/;

const nth = (n) => (d) => d[n];
const first = nth(0);
const second = nth(1);
const nothing = () => null;
/** All characters below `d`, in order. */
const text = (d) => (Array.isArray(d) ? d.map(text).join('') : d === null ? '' : d);
/** `item (_ "," _ item):*`, where the repeated part yields the item. */
const list = (d) => [d[0], ...d[1]];
const chain = (kind) => ([head, tail]) => (tail.length === 0 ? head : { kind, operands: [head, ...tail] });
const quantity = (unit) => (d) => ({ number: d[0], unit });
const constraint = (build) => (d) => ({ ...build(d), by: d[d.length - 1] });
%}

# A word of the language; a macro has to stand before its uses.
word[X] -> B $X

policy -> "\uFEFF":? _ (statement _ {% first %}):* finalComment:?
  {% (d) => ({ kind: 'policy', statements: d[2] }) %}

statement ->
    host {% first %}
  | class {% first %}
  | union {% first %}
  | let {% first %}
  | switch {% first %}
  | guarded {% first %}

# What may stand under a condition.
guarded -> constraint {% first %} | when {% first %}

# ---- Declarations

host -> word["host"] _ "{" _ (hostProperty _ {% first %}):* "}" {% (d) => ({ kind: 'host', properties: d[4] }) %}
hostProperty ->
    word["cores"] _ count {% (d) => ({ kind: 'cores', value: d[2] }) %}
  | word["memory"] _ size {% (d) => ({ kind: 'memory', value: d[2] }) %}
  | word["timezone"] _ string {% (d) => ({ kind: 'timezone', value: d[2] }) %}
  | word["mechanisms"] _ mechanism (_ "," _ mechanism {% nth(3) %}):*
      {% (d) => ({ kind: 'mechanisms', mechanisms: [d[2], ...d[3]] }) %}

class ->
    word["vm"] _ name _ classBody
      {% (d) => ({ kind: 'class', name: d[2], capacity: null, properties: d[4], damaged: false }) %}
  | word["group"] _ name _ word["up"] _ word["to"] _ count _ guestsWord _ classBody
      {% (d) => ({ kind: 'class', name: d[2], capacity: d[8], properties: d[12], damaged: false }) %}
guestsWord -> word["vms"] | word["vm"]
classBody -> "{" _ (classProperty _ {% first %}):* "}" {% nth(2) %}
classProperty ->
    word["match"] _ matchTest (_ word["and"] _ matchTest {% nth(3) %}):*
      {% (d) => ({ kind: 'match', tests: [d[2], ...d[3]] }) %}
  | word["vcpus"] _ count {% (d) => ({ kind: 'vcpus', value: d[2] }) %}
  | word["memory"] _ size {% (d) => ({ kind: 'memory', value: d[2] }) %}
  | word["overhead"] _ every {% (d) => ({ kind: 'overhead', ...d[2] }) %}
matchTest ->
    B patternAttribute _ string {% (d) => ({ attribute: { text: text(d[1]) }, pattern: d[3] }) %}
  | word["user"] _ name {% (d) => ({ attribute: { text: 'user' }, pattern: d[2] }) %}
patternAttribute -> "name" | "uuid" | "unit" | "cgroup" | "arg"

union -> word["group"] _ name _ "=" _ name (_ "," _ name {% nth(3) %}):*
  {% (d) => ({ kind: 'union', name: d[2], members: [d[6], ...d[7]] }) %}
let -> word["let"] _ name _ "=" _ condition {% (d) => ({ kind: 'let', name: d[2], condition: d[6] }) %}
switch -> word["switch"] _ name {% (d) => ({ kind: 'switch', name: d[2] }) %}

# ---- Constraints

constraint ->
    word["keep"] _ cpu _ word["for"] _ word["owner"] by
      {% constraint((d) => ({ kind: 'keep', amount: d[2] })) %}
  | word["limit"] each _ subject _ word["to"] _ cpu by
      {% constraint((d) => ({ kind: 'limit', each: d[1], subject: d[3], amount: d[7] })) %}
  | word["guarantee"] each _ subject _ cpu by
      {% constraint((d) => ({ kind: 'guarantee', each: d[1], subject: d[3], amount: d[5] })) %}
  | word["reserve"] _ subject _ every by
      {% constraint((d) => ({ kind: 'reserve', subject: d[2], ...d[4] })) %}
  | word["run"] _ subject _ every by
      {% constraint((d) => ({ kind: 'run', subject: d[2], ...d[4] })) %}
  | word["share"] _ word["cpu"] _ word["among"] _ part (_ "," _ part {% nth(3) %}):* by
      {% constraint((d) => ({ kind: 'share', parts: [d[6], ...d[7]] })) %}
  | word["pause"] _ subject by
      {% constraint((d) => ({ kind: 'pause', subject: d[2] })) %}

each -> null {% () => false %} | _ word["each"] {% () => true %}
by -> null {% nothing %} | _ word["by"] _ mechanism {% nth(3) %}
mechanism -> B mechanismWord {% (d) => ({ text: text(d[1]) }) %}
mechanismWord -> "reservation" | "share" | "quota" | "duty" | "freezer"
every -> time _ word["every"] _ time {% (d) => ({ budget: d[0], period: d[4] }) %}
part -> partSubject _ count {% (d) => ({ subject: d[0], proportion: d[2] }) %}
partSubject -> subject {% first %} | word["owner"] {% () => ({ kind: 'owner' }) %}
subject ->
    name {% (d) => ({ kind: 'named', name: d[0] }) %}
  | word["guests"] {% () => ({ kind: 'guests' }) %}
  | word["others"] {% () => ({ kind: 'others' }) %}

when -> arm (_ word["otherwise"] _ arm {% nth(3) %}):* otherwise
  {% (d) => ({ kind: 'when', arms: [d[0], ...d[1]], otherwise: d[2] }) %}
arm -> word["when"] _ condition _ block {% (d) => ({ condition: d[2], body: d[4] }) %}
otherwise -> null {% nothing %} | _ word["otherwise"] _ block {% nth(3) %}
block -> "{" _ (guarded _ {% first %}):* "}" {% nth(2) %}

# ---- Conditions, from the loosest to the tightest

condition ->
    or {% first %}
  | or _ word["assuming"] _ truth {% (d) => ({ kind: 'assuming', operand: d[0], value: d[4] }) %}
truth -> word["true"] {% () => true %} | word["false"] {% () => false %}
or -> and (_ word["or"] _ and {% nth(3) %}):* {% chain('or') %}
and -> not (_ word["and"] _ not {% nth(3) %}):* {% chain('and') %}
not -> except {% first %} | word["not"] _ not {% (d) => ({ kind: 'not', operand: d[2] }) %}
except ->
    atom {% first %}
  | atom (_ word["except"] _ atom {% nth(3) %}):+ {% (d) => ({ kind: 'except', base: d[0], removed: d[1] }) %}
atom ->
    "(" _ condition _ ")" {% nth(2) %}
  | days windows {% (d) => ({ kind: 'days', days: d[0], windows: d[1] }) %}
  | dates windows {% (d) => ({ kind: 'dates', ranges: d[0], windows: d[1] }) %}
  | signal {% (d) => ({ kind: 'reference', signal: d[0] }) %}
  | comparisonSubject _ threshold until
      {% (d) => ({ kind: 'comparison', subject: d[0], start: d[2], until: d[3] }) %}

# Calendars

days -> B daySet {% (d) => [{ first: text(d[1]), last: text(d[1]) }] %} | day (_ "," _ day {% nth(3) %}):* {% list %}
daySet -> "daily" | "weekdays" | "weekends"
day ->
    B dayName {% (d) => ({ first: text(d[1]), last: text(d[1]) }) %}
  | B dayName "-" dayName {% (d) => ({ first: text(d[1]), last: text(d[3]) }) %}
dayName -> "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun"
dates -> dateItem (_ "," _ dateItem {% nth(3) %}):* {% list %}
dateItem ->
    B date {% (d) => ({ first: d[1], last: d[1] }) %}
  | B date ".." date {% (d) => ({ first: d[1], last: d[3] }) %}
date -> [0-9] [0-9] [0-9] [0-9] "-" [0-9] [0-9] "-" [0-9] [0-9] {% text %}
windows -> null {% () => [] %} | _ window (_ "," _ window {% nth(3) %}):* {% (d) => [d[1], ...d[2]] %}
window -> B clock "-" clock {% (d) => ({ start: d[1], end: d[3] }) %}
clock -> [0-9] [0-9] ":" [0-9] [0-9] {% text %}

# Signals

signal ->
    name path {% (d) => ({ head: { kind: 'named', name: d[0] }, path: d[1] }) %}
  | B builtIn "." segment path {% (d) => ({ head: { kind: text(d[1]) }, path: [d[3], ...d[4]] }) %}
builtIn -> "host" | "owner" | "user" | "guests" | "others"
path -> ("." segment {% second %}):* {% first %}
segment -> letters {% first %}

comparisonSubject ->
    signal {% (d) => ({ kind: 'signal', signal: d[0] }) %}
  | word["forecast"] _ "(" _ signal _ word["over"] _ time _ word["at"] side _ percent _ ")"
      {% (d) => ({ kind: 'forecast', signal: d[4], over: d[8], side: d[11], level: d[13] }) %}
side ->
    null {% () => 'upper' %}
  | _ word["upper"] {% () => 'upper' %}
  | _ word["lower"] {% () => 'lower' %}
threshold -> comparator _ comparable hold {% (d) => ({ operator: d[0], quantity: d[2], for: d[3] }) %}
hold -> null {% nothing %} | _ word["for"] _ time {% nth(3) %}
until -> null {% nothing %} | _ word["until"] _ threshold {% nth(3) %}
comparator -> "<" {% text %} | "<=" {% text %} | ">" {% text %} | ">=" {% text %}

# ---- Quantities: between a number and its unit no white space is needed

comparable ->
    count {% first %} | time {% first %} | cpu {% first %} | size {% first %} | percent {% first %}
  | number _ "%" _ word["of"] _ word["memory"] {% quantity('% of memory') %}
  | number _ rateUnit {% (d) => ({ number: d[0], unit: text(d[2]) }) %}
  | number _ "C" {% quantity('C') %}
count -> number {% quantity('') %}
percent -> number _ "%" {% quantity('%') %}
time -> number _ timeUnit {% (d) => ({ number: d[0], unit: text(d[2]) }) %}
timeUnit -> "ns" | "us" | "ms" | "s" | "min" | "h" | "d"
cpu ->
    number _ "core" {% quantity('core') %}
  | number _ "cores" {% quantity('cores') %}
  | number _ "%" _ word["of"] _ word["cpu"] {% quantity('% of cpu') %}
  | number _ "%" _ word["of"] _ word["a"] _ word["core"] {% quantity('% of a core') %}
size -> number _ sizeUnit {% (d) => ({ number: d[0], unit: text(d[2]) }) %}
sizeUnit -> "B" | "KB" | "MB" | "GB" | "TB" | "KiB" | "MiB" | "GiB" | "TiB"
rateUnit ->
    "bit/s" | "Kbit/s" | "Mbit/s" | "Gbit/s"
  | "B/s" | "KB/s" | "MB/s" | "GB/s" | "KiB/s" | "MiB/s" | "GiB/s"
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
white -> [ \t\r\n]
comment -> "#" [^\n]:* "\n"
finalComment -> "#" [^\n]:* {% nothing %}
