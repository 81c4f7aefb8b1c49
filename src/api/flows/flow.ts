import type { TcpAddress } from '../tcp-address.js';

/** A way to another daemon, whose TCP interface listens there. */
export interface Flow {
  /** Letters, digits, `_` and `-`: its signals are `flow.NAME.latency` and `flow.NAME.bandwidth`. */
  readonly name: string;
  readonly address: TcpAddress;
}

/** Bytes of one look at the bandwidth: of the first, and what later ones are held to. */
export const FLOW_BYTES = { first: 256 * 1024, least: 64 * 1024, most: 4 * 1024 * 1024 } as const;
