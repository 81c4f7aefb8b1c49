import type { Logger } from 'pino';
import type { Guest } from '../qemu/index.js';
import type { SignalStore } from '../rps/index.js';
import type { Flow } from './flows/flow.js';
import { FlowSensor } from './flows/flow-sensor.js';
import { GuestLoads } from './guest-loads.js';

export interface SeldomSensorsOptions {
  readonly signals: Pick<SignalStore, 'record'>;
  readonly guests: () => readonly Guest[];
  readonly flows: readonly Flow[];
  /** The token that the daemons at the ends of flows ask for, now. */
  readonly token: () => string;
  readonly log: Logger;
}

/** Begins to sense what others have to be asked for: daemons at the ends of flows, and agents in guests. Returns what ends that. */
export function startSeldomSensors({ signals, guests, flows, token, log }: SeldomSensorsOptions): () => void {
  const ways = new FlowSensor({
    flows,
    signals,
    token,
    onChange: ({ name }, trouble) => {
      if (trouble === null) log.info({ flow: name }, 'the flow can be measured again');
      else log.warn({ flow: name }, `the flow cannot be measured: ${trouble}`);
    },
  });
  const loads = new GuestLoads({ guests, signals });
  ways.start();
  loads.start();
  return () => {
    ways.stop();
    loads.stop();
  };
}
