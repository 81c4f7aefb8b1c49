import { MATCH_ATTRIBUTES, MECHANISMS } from '../../lang/words.js';
import { comparable, givenComparable, givenOperand, operand } from './condition-forms.js';
import {
  anyOf,
  type BodyKind,
  CONDITION,
  choice,
  commas,
  declaration,
  type Form,
  number,
  optional,
  reference,
  sequence,
  sign,
  text,
  token,
  word,
  words,
} from './form.js';
import {
  amount,
  compared,
  count,
  cpu,
  cpuOrPercent,
  every,
  joined,
  minus,
  size,
  time,
  work,
} from './quantity-forms.js';

/** One kind of sentence, declaration, property or line: what it begins with, its form, and what its braces hold. */
export interface Statement {
  readonly starter: string;
  readonly form: Form;
  readonly opens: BodyKind | null;
}

const statement = (starter: string, ...rest: readonly Form[]): Statement => ({
  starter,
  form: sequence(word(starter), ...rest),
  opens: null,
});

const property = (starter: string, ...rest: readonly Form[]): Statement => ({
  starter,
  form: sequence(word(starter, 'property'), ...rest),
  opens: null,
});

/** Its form ends in front of the brace. */
const block = (opens: BodyKind, starter: string, ...rest: readonly Form[]): Statement => ({
  ...statement(starter, ...rest, sign('{')),
  opens,
});

const mechanism = anyOf(MECHANISMS, 'mechanism');
const by = optional(word('by'), mechanism);
const each = optional(word('each'));
const vms = choice(word('vms'), word('vm'));
const subject = choice(reference('subject'), anyOf(['guests', 'others'], 'subject'));
const amounts = joined(amount);

const reservation = choice(
  sequence(time, choice(sequence(word('every'), time), sequence(words('in any'), time))),
  words('for its tasks'),
);

const elastic = sequence(cpu, minus, comparable, word('between'), cpuOrPercent, word('and'), cpu);
const ceilings = joined(choice(amount, elastic));

const bound = sequence(word('at'), anyOf(['most', 'least'], 'keyword'), amount);

// Declarations

const attributes = MATCH_ATTRIBUTES.filter((attribute) => attribute !== 'user');
const matchTest = choice(
  sequence(anyOf(attributes, 'attribute'), text('pattern')),
  sequence(word('user', 'attribute'), token({ kind: 'user' })),
);

const guestProperties: readonly Statement[] = [
  property('vcpus', count),
  property('memory', size),
  property('overhead', every),
  property('task', declaration('task'), every, optional(word('within'), time)),
];

const declarations: readonly Statement[] = [
  statement('import', text('path')),
  block('host', 'host'),
  block('class', 'vm', declaration('class')),
  block('class', 'group', declaration('class'), words('up to'), count, vms),
  statement('group', declaration('union'), sign('='), commas(reference('member'))),
  statement('ignore', word('match'), joined(matchTest)),
  statement('let', declaration('condition'), sign('='), CONDITION),
  statement('switch', declaration('switch')),
  statement('signal', declaration('signal'), anyOf(['number', '%', 'time', 'size', 'rate', 'C'], 'type')),
  block('test', 'test', text('title')),
];

const constraints: readonly Statement[] = [
  statement('keep', amounts, words('for owner'), by),
  statement('limit', each, subject, word('to'), ceilings, by),
  statement('reserve', subject, reservation, by),
  statement('guarantee', each, subject, amounts, by),
  statement(
    'share',
    word('cpu'),
    choice(
      sequence(
        word('among'),
        commas(sequence(choice(subject, word('owner', 'subject')), number('proportion'))),
      ),
      sequence(words('equally within'), subject),
    ),
    by,
  ),
  statement('run', subject, every, by),
  statement('pause', subject, by),
  statement('yield', subject),
  statement('place', subject, words('on cores'), commas(token({ kind: 'cores' }))),
  statement('stop', subject, word('within'), time),
  statement(
    'budget',
    each,
    subject,
    work,
    word('per'),
    anyOf(['day', 'week', 'month'], 'keyword'),
    optional(word('then'), choice(word('pause'), sequence(words('limit to'), amounts))),
  ),
  block('offer', 'offer', count, vms, declaration('offer')),
  statement('assert', each, subject, choice(bound, word('paused')), optional(word('while'), CONDITION)),
  block('block', 'when', CONDITION),
  block('block', 'otherwise', optional(word('when'), CONDITION)),
];

const testLines: readonly Statement[] = [
  statement('at', token({ kind: 'date' }), token({ kind: 'clock' })),
  statement(
    'given',
    choice(
      givenOperand,
      sequence(word('not', 'operator'), operand),
      sequence(givenComparable, choice(sequence(sign('='), compared), word('unknown'))),
      sequence(word('budget'), subject, word('spent')),
      sequence(word('vms'), commas(sequence({ kind: 'optional', part: count }, subject))),
    ),
  ),
  statement(
    'expect',
    choice(
      sequence(word('that'), CONDITION),
      sequence(
        each,
        subject,
        choice(
          bound,
          word('paused'),
          word('yields'),
          sequence(word('runs'), every),
          sequence(word('reserved'), reservation),
          sequence(word('guaranteed'), amounts),
        ),
      ),
    ),
  ),
];

/** What may stand in a file, and in each kind of braces. */
export const STATEMENTS: Readonly<Record<BodyKind | 'policy', readonly Statement[]>> = {
  policy: [...declarations, ...constraints],
  block: constraints,
  host: [
    property('cores', count),
    property('memory', size),
    property('timezone', text('timezone')),
    property('mechanisms', commas(mechanism)),
  ],
  class: [property('match', joined(matchTest)), ...guestProperties],
  offer: [
    ...guestProperties,
    statement('reserve', reservation),
    statement('guarantee', amounts),
    statement('limit', word('to'), amounts),
  ],
  test: testLines,
};
