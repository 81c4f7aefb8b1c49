import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type StartedGuest, startGuest } from '../guests/start-guest.js';
import type { Client } from '../src/api/client.js';

/** A line every half a millisecond to a millisecond of CPU time: how exactly the end of work is seen. */
const TURNS_PER_UNIT = 1 << 16;
const POLL_MS = 1;
const GOVERNED_WITHIN_MS = 20_000;
/** CPU time over which it is measured how fast the guest counts. */
const MEASURE_NS = 500e6;

/** A guest that counts: work in it is so many units, and how many make a second of CPU time is measured beforehand. */
export class ProbeGuest {
  readonly #guest: StartedGuest;
  readonly #vcpu: string;
  #unitsPerNs = 0;

  private constructor(guest: StartedGuest) {
    this.#guest = guest;
    this.#vcpu = vcpuPath(guest.pid);
  }

  /** Resolves once it is governed and measured. */
  static async start(name: string, client: Client): Promise<ProbeGuest> {
    const guest = await startGuest({ name, image: { turnsPerUnit: TURNS_PER_UNIT } });
    try {
      const probe = new ProbeGuest(guest);
      await governed(name, client);
      await probe.#measure();
      return probe;
    } catch (error) {
      await guest.stop();
      throw error;
    }
  }

  /** How long the guest takes for as many units as `workNs` of CPU time are, ns. */
  async run(workNs: number): Promise<number> {
    const { units } = await this.#guest.progress();
    const from = process.hrtime.bigint();
    const until = units + BigInt(Math.round(workNs * this.#unitsPerNs));
    for (;;) {
      const now = await this.#guest.progress();
      if (now.units >= until) return Number(now.atNs - from);
      await delay(POLL_MS);
    }
  }

  stop(): Promise<void> {
    return this.#guest.stop();
  }

  async #measure(): Promise<void> {
    const before = await this.#guest.progress();
    const beforeNs = ranNs(this.#vcpu);
    let usedNs = 0;
    while (usedNs < MEASURE_NS) {
      await delay(POLL_MS);
      usedNs = ranNs(this.#vcpu) - beforeNs;
    }
    const after = await this.#guest.progress();
    this.#unitsPerNs = Number(after.units - before.units) / (ranNs(this.#vcpu) - beforeNs);
  }
}

async function governed(name: string, client: Client): Promise<void> {
  const deadline = performance.now() + GOVERNED_WITHIN_MS;
  for (;;) {
    const { guests } = await client.status();
    const guest = guests.find((one) => one.name === name);
    if (guest && guest.controls.length > 0 && guest.controls.every(({ inForce }) => inForce)) return;
    if (performance.now() > deadline)
      throw new Error(`${name} is not governed in ${GOVERNED_WITHIN_MS / 1000} s`);
    await delay(50);
  }
}

/** CPU time of a thread, ns. */
const ranNs = (path: string): number => Number(readFileSync(path, 'utf8').split(' ')[0]);

function vcpuPath(pid: number): string {
  const tasks = `/proc/${pid}/task`;
  const tid = readdirSync(tasks).find((one) =>
    readFileSync(`${tasks}/${one}/comm`, 'utf8').startsWith('CPU 0'),
  );
  if (tid === undefined) throw new Error(`process ${pid} has no thread of a virtual CPU`);
  return `${tasks}/${tid}/schedstat`;
}
