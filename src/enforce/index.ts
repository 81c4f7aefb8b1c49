/** The enforcer's public entry: its core, its contracts and the simulated host. The Linux host is in ./linux/. */
export { type Alarm, CronAlarm } from './conditions/calendar-alarm.js';
export { Enforcer, type EnforcerOptions, type StepTimer } from './enforcer.js';
export type { EventSink } from './event-log.js';
export type * from './host.js';
export type { SignalSource } from './signal-source.js';
export { runSimulation } from './simulated/run-simulation.js';
export type { GuestSpec } from './simulated/simulated-guest.js';
export { SimulatedHost, type SimulatedHostOptions } from './simulated/simulated-host.js';
export { SimulatedSignals } from './simulated/simulated-signals.js';
export type { Behaviour } from './simulated/task.js';
export type * from './status.js';
