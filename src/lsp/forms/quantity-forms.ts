import type { Dimension } from '../../lang/units.js';
import { choice, type Form, number, optional, sequence, sign, token, word } from './form.js';

const unit = (...dimensions: readonly Dimension[]): Form => token({ kind: 'unit', dimensions });
const ofWhat = (text: string): Form => word(text, 'unit');

const percent = ofWhat('%');
const ofCpu = sequence(ofWhat('of'), choice(ofWhat('cpu'), sequence(ofWhat('a'), ofWhat('core'))));
const ofMemory = sequence(ofWhat('of'), ofWhat('memory'));

const withUnit = (...units: readonly Form[]): Form => sequence(number('quantity'), choice(...units));

export const time = withUnit(unit('time'));
export const size = withUnit(unit('size'));
export const work = withUnit(unit('work'));
export const count = number('count');
/** `95%`. */
export const level = sequence(number('level'), percent);

const cpuUnits = [unit('cpu'), sequence(percent, ofCpu)];
export const cpu = withUnit(...cpuUnits);
/** The lower end of an elastic ceiling. */
export const cpuOrPercent = withUnit(unit('cpu'), sequence(percent, optional(ofCpu)));

const memoryWord = word('memory');
const disk = word('disk');

/** One AMOUNT: the unit says of what. */
export const amount = withUnit(
  ...cpuUnits,
  sequence(unit('size'), memoryWord),
  sequence(percent, ofMemory),
  sequence(unit('rate'), choice(disk, word('network'))),
  sequence(unit('iops'), disk),
);

/** What a signal is compared with. */
export const compared = sequence(
  number('quantity'),
  optional(
    choice(
      token({ kind: 'unit', dimensions: 'compared' }),
      sequence(percent, optional(choice(ofCpu, ofMemory))),
    ),
  ),
);

/** `Q every P`. */
export const every = sequence(time, word('every'), time);

/** Items joined by `and`. */
export const joined = (item: Form): Form =>
  sequence(item, { kind: 'repeated', part: sequence(word('and'), item) });

export const minus = sign('-');
