import type { Dimension } from './units.js';

/** What a signal measures; CPU signals are compared with `60%` (of the whole host) as well as with cores. */
export type SignalType = 'cpu' | 'number' | 'percent' | 'size' | 'time' | 'rate' | 'temperature' | 'boolean';

/** Signals with a fixed name. `NAME.cpu` and the like of a class are in {@link CLASS_SIGNALS}. */
export const SIGNALS: ReadonlyMap<string, SignalType> = new Map([
  ['owner.demand', 'cpu'],
  ['owner.cpu', 'cpu'],
  ['host.cpu', 'cpu'],
  ['guests.cpu', 'cpu'],
  ['host.load', 'number'],
  ['host.memory.available', 'size'],
  ['host.pressure.cpu', 'percent'],
  ['host.pressure.memory', 'percent'],
  ['host.pressure.io', 'percent'],
  ['host.temperature', 'temperature'],
  ['host.battery', 'percent'],
  ['host.on-battery', 'boolean'],
  ['user.active', 'boolean'],
  ['user.idle', 'time'],
  ['host.disk.busy', 'percent'],
  ['host.network.in', 'rate'],
  ['host.network.out', 'rate'],
]);

/** Signals of every class and union, behind its name and a dot. */
export const CLASS_SIGNALS: ReadonlyMap<string, SignalType> = new Map([
  ['cpu', 'cpu'],
  ['memory', 'size'],
  ['running', 'boolean'],
  ['count', 'number'],
]);

/** Types of signals that something outside pushes, as their declarations name them. */
export const PUSHED_TYPES: ReadonlyMap<string, Exclude<SignalType, 'boolean' | 'cpu'>> = new Map([
  ['number', 'number'],
  ['%', 'percent'],
  ['time', 'time'],
  ['size', 'size'],
  ['rate', 'rate'],
  ['C', 'temperature'],
]);

/** Dimensions that a signal can be compared with. */
export const COMPARABLE: Readonly<Record<Exclude<SignalType, 'boolean'>, readonly Dimension[]>> = {
  cpu: ['percent', 'cpu'],
  number: ['number'],
  percent: ['percent'],
  size: ['size', 'memory-fraction'],
  time: ['time'],
  rate: ['rate'],
  temperature: ['temperature'],
};

/** In the words of a message, with an example of a quantity. */
export const DESCRIBED: Readonly<Record<Exclude<SignalType, 'boolean'>, readonly [string, string]>> = {
  cpu: ['an amount of CPU', '60%'],
  number: ['a number', '4'],
  percent: ['a percentage', '20%'],
  size: ['a size', '4 GiB'],
  time: ['a time', '10min'],
  rate: ['a rate', '20 MB/s'],
  temperature: ['a temperature', '80 C'],
};
