import { execFileSync } from 'node:child_process';
import type { Context } from 'mocha';
import { systemProgram } from '../../../../src/enforce/linux/knobs/traffic-control.js';
import { requireRoot } from '../../../support/guests/require-qemu.js';
import { skipBecause } from '../../../support/skip-because.js';

export const TAP = 'tap0';
/** Of the host on the tap's network, and of the guest. */
export const HOST_ADDRESS = [10, 97, 0, 1] as const;
export const GUEST_ADDRESS = [10, 97, 0, 2] as const;
export const HOST_MAC = '02:00:00:00:97:01';
export const GUEST_MAC = '02:00:00:00:97:02';

/** Skips where network namespaces with tap devices cannot be made. */
export function requireNetworks(context: Context): void {
  requireRoot(context, 'to make network namespaces');
  for (const program of ['ip', 'tc', 'nsenter']) {
    if (systemProgram(program) === null) skipBecause(context, `needs ${program}`);
  }
}

/** A network namespace of one's own with a tap device that outlives who opens it. */
export class TestNetwork {
  readonly name = `vmc-test-${process.pid}`;

  make(): void {
    ip('netns', 'add', this.name);
    this.ip('link', 'set', 'lo', 'up');
    this.ip('tuntap', 'add', 'dev', TAP, 'mode', 'tap');
    this.ip('link', 'set', 'dev', TAP, 'address', HOST_MAC);
    this.ip('address', 'add', `${HOST_ADDRESS.join('.')}/24`, 'dev', TAP);
    this.ip('link', 'set', 'dev', TAP, 'up');
    const guest = GUEST_ADDRESS.join('.');
    this.ip('neighbour', 'add', guest, 'lladdr', GUEST_MAC, 'dev', TAP, 'nud', 'permanent');
  }

  remove(): void {
    ip('netns', 'del', this.name);
  }

  /** Runs `ip` in it. */
  ip(...args: readonly string[]): string {
    return ip('-netns', this.name, ...args);
  }

  /** Runs `tc` in it. */
  tc(...args: readonly string[]): string {
    return execFileSync(systemProgram('tc') ?? 'tc', ['-netns', this.name, ...args], { encoding: 'utf8' });
  }
}

const ip = (...args: readonly string[]): string =>
  execFileSync(systemProgram('ip') ?? 'ip', args, { encoding: 'utf8' });
