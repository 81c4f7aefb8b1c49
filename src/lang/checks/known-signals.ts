import { catalogue } from '../catalogue.js';
import { nearest } from '../did-you-mean.js';
import { signalName } from '../scope.js';
import { CLASS_SIGNALS, SIGNALS } from '../signals.js';
import { eachConditionPart } from '../traversal.js';
import type { Condition, SignalReference } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';
import { lookUp } from './name-lookup.js';

/** Conditions speak of signals that exist, of declared conditions and switches. */
export function checkKnownSignals(input: CheckInput): void {
  eachConditionPart(input.policy, (part) => {
    const signal = signalOf(part);
    if (signal === null) return;
    if (signal.head.kind === 'named') checkNamed(signal, part.kind, input);
    // A lone `owner` has its error from the parser.
    else if (signal.path.length > 0 && !SIGNALS.has(signalName(signal))) reportUnknown(signal, input);
  });
}

function signalOf(part: Condition): SignalReference | null {
  if (part.kind === 'reference') return part.signal;
  return part.kind === 'comparison' ? part.subject.signal : null;
}

function checkNamed(signal: SignalReference, use: Condition['kind'], input: CheckInput): void {
  if (signal.head.kind !== 'named') return;
  const { name } = signal.head;
  if (signal.path.length > 0) {
    const found = lookUp({ name, kinds: ['class', 'union'], wanted: 'class or union' }, input);
    if (found !== null && !CLASS_SIGNALS.has(signal.path.join('.'))) reportUnknown(signal, input);
  } else if (use === 'reference') {
    lookUp({ name, kinds: ['let', 'switch'], wanted: 'condition or switch' }, input);
  } else {
    lookUp({ name, kinds: [], wanted: 'signal' }, input);
  }
}

function reportUnknown(signal: SignalReference, { reporter }: CheckInput): void {
  const written = signalName(signal);
  const known =
    signal.head.kind === 'named'
      ? [...CLASS_SIGNALS.keys()].map((key) => `${writtenName(headText(signal))}.${key}`)
      : [...SIGNALS.keys()];
  const ofHead = known.filter((name) => name.startsWith(`${written.split('.')[0]}.`));
  const parameters = {
    signal: written,
    suggestion: nearest(written, known),
    known: (ofHead.length > 0 ? ofHead : known).map((name) => `\`${name}\``).join(', '),
  };
  reporter.add(catalogue.unknownSignal.at(reporter.place(signal.span), parameters));
}

const headText = ({ head }: SignalReference): string => (head.kind === 'named' ? head.name.text : head.kind);
