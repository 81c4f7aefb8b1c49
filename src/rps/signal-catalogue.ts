import { type Range, UNBOUNDED } from './range.js';

/**
 * As the policy language writes it; `number` has none, `boolean` is 1 or 0. `B` is bytes, `C` degrees
 * Celsius.
 */
export const SIGNAL_UNITS = ['% of cpu', '%', 'B', 'B/s', 's', 'ms', 'C', 'number', 'boolean'] as const;

export type SignalUnit = (typeof SIGNAL_UNITS)[number];

export interface SignalSpec {
  readonly unit: SignalUnit;
  /** Forecasts are clipped to it. */
  readonly range: Range;
}

const PERCENT: Range = { minimum: 0, maximum: 100 };
const POSITIVE: Range = { minimum: 0, maximum: Number.POSITIVE_INFINITY };
const CPU: SignalSpec = { unit: '% of cpu', range: PERCENT };
const SHARE: SignalSpec = { unit: '%', range: PERCENT };
const BOOLEAN: SignalSpec = { unit: 'boolean', range: { minimum: 0, maximum: 1 } };
const SIZE: SignalSpec = { unit: 'B', range: POSITIVE };
const RATE: SignalSpec = { unit: 'B/s', range: POSITIVE };
const LATENCY: SignalSpec = { unit: 'ms', range: POSITIVE };
const COUNT: SignalSpec = { unit: 'number', range: POSITIVE };

const HOST_SIGNALS: Readonly<Record<string, SignalSpec>> = {
  'host.cpu': CPU,
  'owner.cpu': CPU,
  'owner.demand': CPU,
  'owner.threads': COUNT,
  'guests.cpu': CPU,
  'host.load': COUNT,
  'host.memory.available': SIZE,
  'host.pressure.cpu': SHARE,
  'host.pressure.memory': SHARE,
  'host.pressure.io': SHARE,
  'host.temperature': { unit: 'C', range: UNBOUNDED },
  'host.battery': SHARE,
  'host.on-battery': BOOLEAN,
  'host.disk.busy': SHARE,
  'host.network.in': RATE,
  'host.network.out': RATE,
  'user.active': BOOLEAN,
  'user.idle': { unit: 's', range: POSITIVE },
};

/** What a signal of a class (`NAME.…`) or of one guest (`guest.KEY.…`) is, by the words at its end. */
const GUEST_SIGNALS = {
  cpu: CPU,
  memory: SIZE,
  count: COUNT,
  running: BOOLEAN,
  'disk.read': RATE,
  'disk.write': RATE,
  'network.in': RATE,
  'network.out': RATE,
  load: COUNT,
  busy: SHARE,
} as const satisfies Readonly<Record<string, SignalSpec>>;

/** Signals of single guests, besides `cpu` those that are sampled seldom. */
export const SLOW_GUEST_SIGNALS = [
  ...(['memory', 'disk.read', 'disk.write', 'network.in', 'network.out'] as const),
  ...(['load', 'busy'] as const),
];

/** Unit and range of a signal that this folder senses; anything else is a plain number without bounds. */
export function signalSpec(signal: string): SignalSpec {
  const host = HOST_SIGNALS[signal];
  if (host !== undefined) return host;
  if (isFlow(signal)) return signal.endsWith('.bandwidth') ? RATE : LATENCY;
  for (const [end, spec] of Object.entries(GUEST_SIGNALS)) if (signal.endsWith(`.${end}`)) return spec;
  return { unit: 'number', range: UNBOUNDED };
}

/** Whether a signal is one of the host's that are sensed everywhere, and not of a guest, a class or a policy. */
export const isHostSignal = (signal: string): boolean => Object.hasOwn(HOST_SIGNALS, signal);

/** A signal of one guest; `key` is its `PID-STARTTIME`. */
export const guestSignal = (key: string, what: keyof typeof GUEST_SIGNALS): string => `guest.${key}.${what}`;

/** Whose signal it is, as its key; null: that of no single guest. */
export const guestOfSignal = (signal: string): string | null =>
  /^guest\.(\d+-\d+)\./.exec(signal)?.[1] ?? null;

const SLOW_HOST_SIGNALS: ReadonlySet<string> = new Set([
  'host.battery',
  'host.on-battery',
  'host.temperature',
]);

/** Between two looks at what changes slowly or costs more to look at, and at the latency of flows. */
export const SLOW_STEP_NS = 10e9;
/** Between two looks at the bandwidth of a flow, which takes some of it. */
export const BANDWIDTH_STEP_NS = 60e9;
/** Between two questions to the agent in a guest, which wake it up. */
export const AGENT_STEP_NS = 60e9;

/** How often a signal is looked at, whatever the rate of the others; null: at that rate. */
export function fixedStepNs(signal: string): number | null {
  if (HOST_SIGNALS[signal] !== undefined) return SLOW_HOST_SIGNALS.has(signal) ? SLOW_STEP_NS : null;
  if (isFlow(signal)) return signal.endsWith('.bandwidth') ? BANDWIDTH_STEP_NS : SLOW_STEP_NS;
  if (guestOfSignal(signal) !== null && /\.(?:load|busy)$/.test(signal)) return AGENT_STEP_NS;
  return /\.(?:memory|disk\.(?:read|write)|network\.(?:in|out))$/.test(signal) ? SLOW_STEP_NS : null;
}

/** A signal of a flow to another daemon. */
export const flowSignal = (name: string, what: 'bandwidth' | 'latency'): string => `flow.${name}.${what}`;

const isFlow = (signal: string): boolean => /^flow\.[\w-]+\.(?:bandwidth|latency)$/.test(signal);
