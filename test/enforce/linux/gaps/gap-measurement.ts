import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../../../src/compiler/index.js';
import type { Plan, Server, SettingOf } from '../../../../src/compiler/plan.js';
import { linuxHostFacts } from '../../../../src/enforce/linux/host-facts.js';
import { LinuxHost } from '../../../../src/enforce/linux/linux-host.js';
import type { Guest } from '../../../../src/qemu/guest.js';
import { linuxCores, startHog } from '../real-host.js';
import { busyGuest } from './busy-guest.js';
import { Dialogue } from './dialogue.js';
import { foreignServers } from './foreign-servers.js';
import { longestGap, parseSpan, type Span } from './spans.js';

/** What a policy reserves for a guest of one vCPU. */
export interface Reserved {
  /** As policies write it: `1ms every 10ms`. */
  readonly server: string;
  /** Absent: the compiler places it. */
  readonly core?: number;
}

export interface GapRequest {
  readonly reserved: readonly Reserved[];
  readonly seconds: number;
  /** Whether the guests' main loops use their servers up too; else they sleep. */
  readonly busyMainLoops: boolean;
}

/** What a thread that never pauses got from its server, beside twice as many CPU hogs as cores. */
export interface MeasuredServer {
  readonly server: string;
  readonly core: number;
  /** Servers with busy threads on the same core, this one included. */
  readonly crowd: number;
  readonly fidelity: SettingOf<'reservation'>['fidelity'];
  /** Longest time between two instants at which the thread ran, ns, without `stolenNs`. */
  readonly longestGapNs: number;
  /** How long in this gap its core did not run at all: the hypervisor had it do something else. */
  readonly stolenNs: number;
  /** CPU time against budget, relative: 0.01 is 1% more than promised. */
  readonly rateOff: number;
  /**
   * How far off it may be: 1%, or what this run may begin and end with: a period, as stated, and the overrun of a tick. And what
   * was stolen from its core meanwhile: on one that is all but full nothing is left to make that good with.
   */
  readonly rateOffLimit: number;
}

/** Others hold bandwidth on cores that the plan has to itself, or the guardian took ours: worth another try. */
class DisturbedError extends Error {
  override readonly name = 'DisturbedError';
}

/** Shorter ones are interrupts. */
const LEAST_GAP_NS = 100_000;
const WITNESS_PERIOD_NS = 500_000;
/** 1 MiB: half a minute. */
const WITNESS_PAGES = 256;
const LOOK_AROUND_MS = 200;
const PATIENCE_MS = 120_000;
const NS_PER_S = 1_000_000_000n;
const RATE_WITHIN = 0.01;
/** What the stated error of a rate refers to. */
const RATE_OVER_SECONDS = 10;

/**
 * Compiles a policy for this machine as it is now, gives real threads the servers of its plan as the enforcer does, loads the
 * machine, and measures what the threads get. Gives everything back. Needs root and cpusets. Begins again when others hold
 * servers on this machine, or the guardian has given back ours.
 */
export async function measureGaps(request: GapRequest): Promise<readonly MeasuredServer[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const measurement = new GapMeasurement();
    try {
      return await measurement.run(request);
    } catch (error) {
      if (!(error instanceof DisturbedError) || Date.now() > deadline) throw error;
    } finally {
      await measurement.close();
    }
  }
}

interface Busy {
  readonly server: Server;
  readonly loop: Dialogue;
}

class GapMeasurement {
  readonly #directory = mkdtempSync(join(tmpdir(), 'vmc-gaps-'));
  readonly #guests: Guest[] = [];
  readonly #dialogues: Dialogue[] = [];
  readonly #events: string[] = [];
  #hogs: readonly ChildProcess[] = [];
  readonly #host = new LinuxHost({
    stateDirectory: this.#directory,
    sliceName: `vmc-gaps-${process.pid}.slice`,
    scan: async () => this.#guests,
    onEvent: (message) => this.#events.push(message),
  });

  async run({ reserved, seconds, busyMainLoops }: GapRequest): Promise<readonly MeasuredServer[]> {
    await this.#host.start();
    const plan = await this.#compile(reserved);
    const all: Busy[] = [];
    for (const server of plan.schedules[0]?.servers ?? []) all.push(await this.#hold(server));
    const witnesses = await this.#witnesses();
    this.#hogs = Array.from({ length: 2 * linuxCores() }, startHog);
    const busy = all.filter(({ server }) => busyMainLoops || server.thread !== 'main');
    const heard = await this.#runAll(busy, seconds);
    for (const hog of this.#hogs) hog.kill('SIGKILL');
    const stolen = await Promise.all(witnesses.map(report));
    return busy.flatMap(({ server }, index) => {
      if (server.thread === 'main') return [];
      const crowd = busy.filter((other) => other.server.core === server.core).length;
      const { fidelity } = reservationOf(plan, server.class);
      const taken = stolen[server.core ?? -1] ?? [];
      const got = measured(server, heard[index] ?? [], taken);
      const limit = rateOffLimit(server, fidelity, seconds, plan) + stolenRate(server, taken, seconds);
      return [{ ...got, crowd, fidelity, rateOffLimit: limit }];
    });
  }

  async close(): Promise<void> {
    await this.#host.stop();
    for (const hog of this.#hogs) hog.kill('SIGKILL');
    await Promise.all(this.#dialogues.map((dialogue) => dialogue.end()));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #compile(reserved: readonly Reserved[]): Promise<Plan> {
    this.#lookAround();
    const facts = await this.#host.facts();
    const { plan, diagnostics } = compile({ file: 'gaps.vmc', text: policyFor(reserved) }, facts);
    if (plan) return plan;
    const why = diagnostics.map(({ message }) => message).join('; ');
    throw facts.deadlineLimit < linuxHostFacts().deadlineLimit ? new DisturbedError(why) : new Error(why);
  }

  /** A thread of a process of its own, which to the host is a guest, with the server. */
  async #hold(server: Server): Promise<Busy> {
    const loop = await this.#dialogue('busy-loop.pl', [LEAST_GAP_NS]);
    const guest = busyGuest(loop.pid);
    this.#guests.push(guest);
    await this.#host.observe();
    const outcome = await this.#host.act({
      kind: 'reserve',
      guest: guest.key,
      tid: loop.pid,
      budgetNs: BigInt(server.budgetNs),
      periodNs: BigInt(server.periodNs),
      core: server.core,
    });
    if (outcome.ok) return { server, loop };
    if (outcome.code === 'EBUSY') throw new DisturbedError(outcome.message);
    throw new Error(`${outcome.code} ${outcome.message}`);
  }

  async #runAll(busy: readonly Busy[], seconds: number): Promise<readonly (readonly string[])[]> {
    const until = process.hrtime.bigint() + BigInt(seconds) * NS_PER_S;
    for (const { loop } of busy) loop.say(`${until}`);
    let taken: unknown;
    const watch = setInterval(() => {
      try {
        this.#lookAround();
      } catch (error) {
        taken = error;
      }
    }, LOOK_AROUND_MS);
    try {
      const heard = await Promise.all(busy.map(({ loop }) => loop.hear('done')));
      if (taken) throw taken;
      // On a machine so busy that this process was silent for seconds the guardian has given the servers back.
      if (this.#events.length > 0) throw new DisturbedError(this.#events.join('; '));
      return heard;
    } finally {
      clearInterval(watch);
    }
  }

  #lookAround(): void {
    const ours = new Set([process.pid, ...this.#dialogues.map(({ pid }) => pid)]);
    const [foreign] = foreignServers(ours);
    if (foreign !== undefined) throw new DisturbedError(`thread ${foreign} holds a server that is not ours`);
  }

  /** For each core one; null where the kernel lets nobody measure its interrupts: then nothing counts as stolen. */
  #witnesses(): Promise<readonly (Dialogue | null)[]> {
    const args = (core: number) => [core, WITNESS_PERIOD_NS, WITNESS_PAGES];
    return Promise.all(
      Array.from({ length: linuxCores() }, (_, core) =>
        this.#dialogue('core-witness.pl', args(core)).catch(() => null),
      ),
    );
  }

  async #dialogue(program: string, args: readonly number[]): Promise<Dialogue> {
    const dialogue = new Dialogue(program, args);
    this.#dialogues.push(dialogue);
    await dialogue.hear('ready');
    return dialogue;
  }
}

async function report(witness: Dialogue | null): Promise<readonly Span[]> {
  witness?.finish();
  return witness ? (await witness.hear('done')).map(parseSpan) : [];
}

/** Main loops have little, so that it is the vCPUs that fill the cores. */
function policyFor(reserved: readonly Reserved[]): string {
  const sentences = reserved.map(
    ({ server, core }, index) => `
vm v${index} { match name "v${index}" and user "root"  vcpus 1  overhead 0.1ms every 100ms }
reserve v${index} ${server}
${core === undefined ? '' : `place v${index} on cores ${core}`}`,
  );
  return sentences.join('\n');
}

function measured({ budgetNs, periodNs, core }: Server, heard: readonly string[], stolen: readonly Span[]) {
  const [, from = 0, until = 0, cpu = 0] = (heard.find((line) => line.startsWith('ran ')) ?? '')
    .split(' ')
    .map(Number);
  const gaps = heard.filter((line) => line.startsWith('gap ')).map(parseSpan);
  const { lengthNs, stolenNs } = longestGap(gaps, stolen);
  return {
    server: `${budgetNs / 1e6}ms every ${periodNs / 1e6}ms`,
    core: core ?? -1,
    longestGapNs: Number(lengthNs - stolenNs),
    stolenNs: Number(stolenNs),
    rateOff: cpu / (until - from) / (budgetNs / periodNs) - 1,
  };
}

function rateOffLimit(
  { budgetNs, periodNs }: Server,
  { rateError }: MeasuredServer['fidelity'],
  seconds: number,
  { host }: Plan,
): number {
  const overrun = host.hrtickDeadline
    ? 0
    : host.tickNs / ((budgetNs / periodNs) * seconds * Number(NS_PER_S));
  return Math.max(RATE_WITHIN, (rateError * RATE_OVER_SECONDS) / seconds + overrun);
}

/** What was stolen from a core, of what a server of it has. */
function stolenRate({ budgetNs, periodNs }: Server, stolen: readonly Span[], seconds: number): number {
  const sum = stolen.reduce((total, { fromNs, untilNs }) => total + Number(untilNs - fromNs), 0);
  return sum / ((budgetNs / periodNs) * seconds * Number(NS_PER_S));
}

function reservationOf(plan: Plan, className: string): SettingOf<'reservation'> {
  const settings = plan.schedules.flatMap((schedule) => schedule.settings);
  for (const setting of settings) {
    if (setting.mechanism === 'reservation' && setting.class === className) return setting;
  }
  throw new Error(`the plan has no reservation for ${className}`);
}
