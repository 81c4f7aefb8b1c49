import type { Plan } from '../compiler/index.js';
import { nearest } from '../lang/did-you-mean.js';
import { parseInstant, type Setting } from '../simulate/index.js';
import { parseDuration } from '../support/duration.js';
import { usageError } from './command-error.js';

const FORM = "write NAME=on, NAME=VALUE, or NAME=on@FROM..TO, with times such as 2h or '2026-11-23 20:00'";

/**
 * The values of `--set`: switches and pushed signals, each for the whole simulated time or a part of it. Times are in the
 * host's zone, or from the start. A name must be known to one of the plans.
 */
export function simulatedSettings(
  texts: readonly string[],
  plans: readonly Plan[],
  startMs: number,
): readonly Setting[] {
  const switches = new Set(plans.flatMap((plan) => plan.switches));
  const signals = new Set(plans.flatMap((plan) => plan.signals.map(({ name }) => name)));
  const [zone = 'UTC'] = plans.map(({ host }) => host.timezone);
  return texts.map((text) => {
    const [, name = '', value = '', from, to] = /^(.+?)=([^@]+)(?:@(.*)\.\.(.*))?$/.exec(text) ?? [];
    if (name === '') throw usageError(`'${text}' sets nothing`, FORM);
    const times = { fromMs: timeOf(from, startMs, zone, text), toMs: timeOf(to, startMs, zone, text) };
    const span = {
      fromMs: times.fromMs ?? Number.NEGATIVE_INFINITY,
      toMs: times.toMs ?? Number.POSITIVE_INFINITY,
    };
    if (span.fromMs >= span.toMs) throw usageError(`'${text}' ends before it begins`, FORM);
    if (switches.has(name)) return { key: `switch ${name}`, value: switchValue(value, text), ...span };
    if (signals.has(name)) return { key: name, value: signalValue(value, text), ...span };
    const meant = nearest(name, [...switches, ...signals]);
    throw usageError(
      `the policy has no switch or signal '${name}'`,
      meant ? `did you mean '${meant}'?` : FORM,
    );
  });
}

function switchValue(value: string, text: string): number {
  if (value === 'on' || value === 'off') return Number(value === 'on');
  throw usageError(`'${text}': a switch is on or off`, FORM);
}

function signalValue(value: string, text: string): number {
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw usageError(`'${text}': '${value}' is no number`, 'a signal is set to a plain number, as in a trace');
}

/** Null: not given. */
function timeOf(word: string | undefined, startMs: number, zone: string, text: string): number | null {
  if (word === undefined || word.trim() === '') return null;
  const offset = parseDuration(word);
  if (offset !== null) return startMs + Number(offset) / 1e6;
  const instant = parseInstant(word, zone);
  if (instant === null) throw usageError(`'${text}': there is no time '${word}'`, FORM);
  return instant;
}
