import { SIGNAL_HEADS } from '../words/signal-heads.js';
import {
  anyOf,
  CONDITION,
  choice,
  commas,
  type Form,
  optional,
  type ReferencePlace,
  reference,
  repeated,
  sequence,
  sign,
  text,
  token,
  word,
} from './form.js';
import { compared, level, time } from './quantity-forms.js';

const operator = (name: string): Form => word(name, 'operator');
const segment = token({ kind: 'segment' });

const segments = sequence(sign('.'), segment, repeated(sign('.'), segment));
const fixedSignal = sequence(anyOf(SIGNAL_HEADS, 'signal'), segments);

/** `owner.demand`, `batch.cpu`, `price`; the place says what a bare name may be. */
const signalAs = (place: ReferencePlace): Form =>
  choice(fixedSignal, sequence(reference(place), optional(segments)));

/** The same where the bare word `vms` begins a list of guests. */
const givenSignalAs = (place: ReferencePlace): Form =>
  choice(
    fixedSignal,
    sequence(reference(place, 'never'), optional(segments)),
    sequence(reference(place, 'only'), segments),
  );

const forecast = sequence(
  word('forecast'),
  sign('('),
  signalAs('signal-head'),
  word('over'),
  time,
  word('at'),
  optional(anyOf(['upper', 'lower'], 'keyword')),
  level,
  sign(')'),
);

/** What can be compared, or subtracted in an elastic ceiling. */
export const comparable = choice(forecast, signalAs('signal-head'));

export const runningProcess = sequence(word('process'), text('process'), word('running'));

/** What is true or false by itself. */
export const operand = choice(runningProcess, signalAs('operand'));
/** The same, and what is compared, where the bare word `vms` begins a list of guests. */
export const givenOperand = choice(runningProcess, givenSignalAs('operand'));
export const givenComparable = choice(forecast, givenSignalAs('signal-head'));

const threshold = sequence(token({ kind: 'comparator' }), compared, optional(word('for'), time));
const thresholds = sequence(threshold, optional(word('until'), threshold));

const windows = commas(token({ kind: 'window' }));
const calendar = sequence(
  choice(token({ kind: 'day-set' }), commas(token({ kind: 'day' })), commas(token({ kind: 'date-item' }))),
  optional(windows),
);

const atom = choice(
  sequence(sign('('), CONDITION, sign(')')),
  calendar,
  runningProcess,
  sequence(forecast, thresholds),
  sequence(signalAs('operand'), optional(thresholds)),
);

const factor = sequence(repeated(operator('not')), atom, repeated(operator('except'), atom));

/** How tightly the operators bind is of no interest here. */
export const condition: Form = sequence(
  factor,
  repeated(anyOf(['and', 'or'], 'operator'), factor),
  optional(operator('assuming'), anyOf(['true', 'false'], 'constant')),
);
