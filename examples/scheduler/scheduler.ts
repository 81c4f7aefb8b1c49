/*
 * Places jobs on hosts that vmc governs: each on the host with the best upper limit on its running time.
 *
 *   node --import tsx examples/scheduler/scheduler.ts --host SOCKET|URL … [--level 95%] [--class NAME] WORK…
 *
 * A host is a daemon's socket, or http://127.0.0.1:7070 with its token in VMC_TOKEN. WORK is CPU time, such as 30s.
 */
import { parseArgs } from 'node:util';
import { type Client, connect, DaemonError } from 'vmc/client';

interface Host {
  readonly client: Client;
  /** At the latest so long from now it has done what was placed on it. */
  busyNs: number;
}

/** What a host says of a job. */
interface Offer {
  readonly host: Host;
  readonly expectedNs: number;
  /** Done by then with the probability that was asked for. */
  readonly upperNs: number;
  /** Its daemon has just begun: it knows what is now, and not what is usual. */
  readonly isYoung: boolean;
}

interface Question {
  readonly level?: string;
  readonly class?: string;
}

/** A daemon that hangs must not keep the others waiting. */
const TIMEOUT_MS = 2000;

const seconds = (ns: number): string => `${(ns / 1e9).toFixed(1)} s`;

/** Null where there is no answer to build on: then why is said. */
async function askHost(host: Host, work: string, question: Question): Promise<Offer | null> {
  try {
    const { expectedNs, upperNs, never, basis } = await host.client.runningTime(work, question);
    const isYoung = basis.model === 'LAST';
    if (expectedNs !== null && upperNs !== null) return { host, expectedNs, upperNs, isYoung };
    console.error(`not on ${host.client.address}: ${never ?? 'there is no limit'}`);
  } catch (error) {
    // Down, out of reach, or not ready: others are. What is wrong with the question is wrong everywhere.
    if (!(error instanceof DaemonError) || error.status === 400) throw error;
    console.error(`not on ${host.client.address}: ${error.message}`);
  }
  return null;
}

/**
 * The host for a job. Limits are compared and not expectations: whose load cannot be foreseen has a high one, and is chosen where
 * all others are worse; who knows nothing yet, where there are no others. What was placed and does not show in the load yet is
 * taken to run before it.
 */
async function place(hosts: readonly Host[], work: string, question: Question): Promise<Offer | null> {
  const offers = await Promise.all(hosts.map((host) => askHost(host, work, question)));
  const latest = ({ host, upperNs }: Offer) => host.busyNs + upperNs;
  const isBetter = (a: Offer, b: Offer) => (a.isYoung === b.isYoung ? latest(a) < latest(b) : b.isYoung);
  return offers.reduce((best, offer) => (offer && (!best || isBetter(offer, best)) ? offer : best), null);
}

const { values, positionals: jobs } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string', multiple: true, default: [] },
    level: { type: 'string', default: '95%' },
    class: { type: 'string' },
  },
});
const { level, host: places } = values;
const question: Question = { level, ...(values.class !== undefined && { class: values.class }) };
const token = process.env['VMC_TOKEN'] ?? '';
const hosts = places.map((place): Host => {
  const where = /^https?:/.test(place) ? { url: place, token } : { socket: place };
  return { client: connect({ ...where, timeoutMs: TIMEOUT_MS }), busyNs: 0 };
});

try {
  for (const work of jobs) {
    const chosen = await place(hosts, work, question);
    if (chosen === null) {
      console.error(`${work}: no host takes it`);
      process.exitCode = 4;
      continue;
    }
    const { host, expectedNs, upperNs } = chosen;
    const times = `${seconds(host.busyNs + expectedNs)} expected, ${seconds(host.busyNs + upperNs)} at ${level}`;
    console.log(`${work} on ${host.client.address}: ${times}`);
    host.busyNs += upperNs;
    // Here the job would be started there, and its outcome told when it has ended: runningTimeOutcome(id, took).
  }
} finally {
  for (const { client } of hosts) client.close();
}
