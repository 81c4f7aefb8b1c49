import { catalogue } from '../catalogue.js';
import { nearest } from '../did-you-mean.js';
import { type Named, signalName } from '../scope.js';
import { eachSignalUse, type SignalUse } from '../signal-uses.js';
import { CLASS_SIGNALS, SIGNALS, type SignalType } from '../signals.js';
import type { SignalReference } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';
import { type KindAdvice, lookUp, type NameUse } from './name-lookup.js';

/** Conditions, ceilings and tests speak of signals that exist, of declared conditions and switches. */
export function checkKnownSignals(input: CheckInput): void {
  eachSignalUse(input.policy, (use) => {
    const { signal } = use;
    if (signal.head.kind === 'named') checkNamed(use, signal.head.name, input);
    // A lone `owner` has its error from the parser.
    else if (signal.path.length > 0 && !SIGNALS.has(signalName(signal))) reportUnknown(signal, input);
  });
}

function checkNamed(use: SignalUse, name: NameUse['name'], input: CheckInput): void {
  if (use.signal.path.length > 0) {
    const found = lookUp({ name, kinds: ['class', 'union'], wanted: 'class or union' }, input);
    if (found !== null && !CLASS_SIGNALS.has(use.signal.path.join('.'))) reportUnknown(use.signal, input);
    return;
  }
  const alternatives = () => signalsEndingIn(name.text, use.as);
  const advice = (declared: Named) => adviceFor(declared, use);
  lookUp({ name, ...wantedBy(use), alternatives, advice }, input);
}

/** Kinds of names that may stand there alone: those that are only of the wrong type have an error of their own. */
function wantedBy({ as, isGiven }: SignalUse): Pick<NameUse, 'kinds' | 'wanted'> {
  if (as === 'either') return { kinds: ['signal'], wanted: 'signal' };
  if (as === 'quantity') return { kinds: ['signal', 'let', 'switch'], wanted: 'signal' };
  return isGiven
    ? { kinds: ['switch', 'signal'], wanted: 'switch or signal' }
    : { kinds: ['let', 'switch', 'signal'], wanted: 'condition or switch' };
}

function adviceFor(declared: Named, { as, isGiven }: SignalUse): KindAdvice | null {
  const say = (text: string, instead: string | null = null): KindAdvice => ({ text, instead });
  if (declared.kind === 'let' && isGiven) return say('Give the signals and switches that it is made of.');
  if (declared.kind === 'switch') return say('A switch is on or off, and never unknown.');
  if (declared.kind !== 'class' && declared.kind !== 'union') return null;
  const name = writtenName(declared.name.text);
  return as === 'truth'
    ? say(`Whether guests of it exist is \`${name}.running\`.`, `${name}.running`)
    : say(`Say which of its signals you mean: \`${name}.cpu\`, \`${name}.memory\` or \`${name}.count\`.`);
}

/** `demand` for `owner.demand`: the first of the wanted type that ends so. */
function signalsEndingIn(word: string, as: SignalUse['as']): readonly string[] {
  const fits = (type: SignalType) => as === 'either' || (type === 'boolean') === (as === 'truth');
  return [...SIGNALS].flatMap(([name, type]) => (name.endsWith(`.${word}`) && fits(type) ? [name] : []));
}

function reportUnknown(signal: SignalReference, { reporter }: CheckInput): void {
  const written = signalName(signal);
  const known = signal.head.kind === 'named' ? signalsOfClass(signal.head.name.text) : [...SIGNALS.keys()];
  const ofHead = known.filter((name) => name.startsWith(`${written.split('.')[0]}.`));
  const suggestion = nearest(written, known);
  const parameters = {
    signal: written,
    suggestion,
    known: (ofHead.length > 0 ? ofHead : known).map((name) => `\`${name}\``).join(', '),
  };
  const extras = suggestion === null ? {} : { fix: reporter.replacement(signal.span, suggestion) };
  reporter.add(catalogue.unknownSignal.at(reporter.place(signal.span), parameters, extras));
}

const signalsOfClass = (name: string): readonly string[] =>
  [...CLASS_SIGNALS.keys()].map((key) => `${writtenName(name)}.${key}`);
