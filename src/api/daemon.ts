import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Plan } from '../compiler/plan.js';
import { Enforcer, type EnforcerEvent, type Host } from '../enforce/index.js';
import type { LedgerThread } from '../enforce/ledger/ledger-thread.js';
import { tapsOf } from '../enforce/linux/knobs/tap-devices.js';
import type { Finding } from '../enforce/status.js';
import { writtenName } from '../lang/words.js';
import { RunningProcesses, type SensedGuest, Sensing } from '../rps/index.js';
import type { CpuClock } from '../support/cpu-clock.js';
import { DaemonTokens } from './daemon-tokens.js';
import type { Flow } from './flows/flow.js';
import { HttpTraffic } from './http-traffic.js';
import { KeptSwitches } from './kept-switches.js';
import { listenOnSocket, type SocketAccounts } from './listening-socket.js';
import { openLedger } from './open-ledger.js';
import { ownersOf } from './owner.js';
import { type PlanLoader, PlanThread } from './plan-thread.js';
import { PolicyInForce } from './policy-in-force.js';
import { RecordedHistory } from './recorded-history.js';
import { KeptOutcomes } from './running-time/kept-outcomes.js';
import { RunningTimes } from './running-time/running-times.js';
import { startSeldomSensors } from './seldom-sensors.js';
import { createServer } from './server.js';
import type { DaemonServices, PolicyOutcome } from './services.js';
import { exampleOf, signalNamed, signalValue } from './signal-value.js';
import { StartedHost } from './started-host.js';
import type { TcpAddress } from './tcp-address.js';
import { watchForChanges } from './watch-file.js';

export interface DaemonOptions {
  /** A policy or a plan. */
  readonly file: string;
  readonly socket: string;
  /** Whose the socket is; its user may change something. Default: the daemon's own. */
  readonly socketAccounts?: SocketAccounts;
  /** Listen by TCP as well, for reading with the token in a file. */
  readonly tcp?: { readonly address: TcpAddress; readonly tokenFile: string };
  readonly host: Host;
  readonly log: Logger;
  /** Where the ledger is kept; default: nothing is kept. */
  readonly stateDirectory?: string;
  /** Ways to other daemons, whose latency and bandwidth are sensed; the file has the token that they ask for. */
  readonly flows?: { readonly flows: readonly Flow[]; readonly tokenFile: string };
  /** How often the host is sensed, 50 ms to 10 s; default 1 s. */
  readonly sampleIntervalNs?: number;
  /** Where the sensors find the files of the kernel; default /proc. */
  readonly procRoot?: string;
  /** Of this host's processes; default: guests that do not run are read like those that do. */
  readonly cpuClock?: CpuClock;
  /** Default: a thread of its own. */
  readonly plans?: PlanLoader;
}

/** Each sample makes a step; where one is late, a step is made without it. */
const PATIENCE_NS = 250_000_000n;
const NOT_YET: PolicyOutcome = { kind: 'rejected', message: 'the daemon starts', diagnostics: [] };
/** Answers that are under way have so long to come to an end. */
const CLOSE_MS = 1000;

/**
 * The composition: a policy compiled against the host, its sensors, the enforcer and the HTTP interface.
 * The constructor does nothing; `start` begins, `stop` gives everything back; `ended` resolves when it has.
 */
export class Daemon {
  readonly ended: Promise<void>;
  readonly #options: DaemonOptions;
  readonly #plans: PlanLoader;
  readonly #sensing: Sensing;
  readonly #processes = new RunningProcesses();
  readonly #tokens: DaemonTokens;
  readonly #undo: (() => void | Promise<void>)[] = [];
  #policy: PolicyInForce | null = null;
  #enforcer: Enforcer | null = null;
  #ledger: LedgerThread | null = null;
  readonly #keptSwitches: KeptSwitches | null;
  #switchesLost: Finding | null = null;
  #end: () => void = () => {};
  /** Found once for each plan: it is asked for every guest at every sample. */
  #subjects: { readonly plan: Plan | undefined; readonly byClass: Map<string, readonly string[]> } = {
    plan: undefined,
    byClass: new Map(),
  };
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.#tokens = new DaemonTokens(options);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const { sampleIntervalNs, stateDirectory, host, plans, cpuClock, procRoot } = options;
    this.#plans = plans ?? new PlanThread();
    this.#keptSwitches = stateDirectory === undefined ? null : new KeptSwitches(stateDirectory, host.clock);
    this.#sensing = new Sensing({
      guests: () => this.#sensedGuests(),
      classes: () => this.#subjectNames(),
      tapsOf,
      ...(cpuClock && { cpuClock }),
      ...(procRoot !== undefined && { procRoot }),
      ...(sampleIntervalNs !== undefined && { intervalNs: sampleIntervalNs }),
    });
  }

  /**
   * Rejects, with everything given back, with a {@link RejectedPolicyError}, a SocketInUseError, or what the host said.
   */
  async start(): Promise<void> {
    this.#starting = this.#start();
    try {
      await this.#starting;
    } catch (error) {
      await this.#unwind();
      throw error;
    }
  }

  /** Gives everything back, after a start that is under way. Twice is safe. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Takes the file, and that of the token, as they are now; one with errors changes nothing but the log. */
  async reload(): Promise<PolicyOutcome> {
    if (!this.#enforcer || !this.#policy) return NOT_YET;
    this.#tokens.readAgain();
    return this.#policy.reload();
  }

  /** Takes a text in the place of the policy in force, and with `keep` in that of the file. */
  async replacePolicy(text: string, options: { readonly keep: boolean }): Promise<PolicyOutcome> {
    return this.#enforcer && this.#policy ? this.#policy.replace(text, options) : NOT_YET;
  }

  async #start(): Promise<void> {
    const { host, file, log, socket, stateDirectory } = this.#options;
    this.#tokens.read();
    this.#undo.push(() => this.#plans.stop());
    await host.start();
    this.#undo.push(() => host.stop());
    const facts = await host.facts();
    const policy = new PolicyInForce({
      file,
      facts,
      plans: this.#plans,
      log,
      replacePlan: async (plan) => this.#enforcer?.replacePlan(plan),
    });
    this.#policy = policy;
    const plan = await policy.first();
    const { ledger, events, records, close } = await openLedger(stateDirectory, host.clock);
    this.#undo.push(close);
    this.#ledger = ledger;
    const enforcer = new Enforcer({
      host: new StartedHost(host),
      events,
      records,
      plan,
      signals: this.#sensing.signals,
      processes: (pattern, besides) => this.#processes.isRunning(pattern, besides),
      stepNs: BigInt(this.#sensing.intervalNs) + PATIENCE_NS,
    });
    this.#enforcer = enforcer;
    this.#switchesLost = this.#keptSwitches?.restore(enforcer) ?? null;
    this.#undo.push(enforcer.events.subscribe((event) => logEvent(log, event)));
    this.#undo.push(
      this.#sensing.onSample(() => {
        // Recorded with the others, so that they can be forecast.
        for (const { name, value } of enforcer.pushedSignals()) this.#sensing.signals.record(name, value);
        enforcer.poke();
      }),
    );
    const history = new RecordedHistory(this.#sensing, ledger);
    await history.start();
    this.#undo.push(() => history.stop());
    this.#sensing.start();
    this.#undo.push(() => this.#sensing.stop());
    await enforcer.start();
    this.#undo.push(() => enforcer.stop());
    await this.#serve(this.#services(enforcer, history));
    this.#undo.push(
      watchForChanges(
        () => policy.versions,
        () => void this.reload(),
      ),
    );
    // Only now: what the start takes would be in the first latency.
    this.#undo.push(
      startSeldomSensors({
        signals: this.#sensing.signals,
        guests: () => enforcer.guests().map(({ guest }) => guest),
        flows: this.#options.flows?.flows ?? [],
        token: this.#tokens.peers,
        log,
      }),
    );
    log.info({ socket }, 'ready');
  }

  async #serve(services: DaemonServices): Promise<void> {
    const { socket, socketAccounts, tcp, log } = this.#options;
    const traffic = new HttpTraffic();
    const owners = ownersOf(socketAccounts?.uid ?? null);
    const app = await createServer(services, { logger: log, traffic, access: { kind: 'socket', owners } });
    this.#undo.push(() => closeServer(app));
    await listenOnSocket(app.server, socket, socketAccounts);
    if (!tcp) return;
    const access = { kind: 'tcp', token: this.#tokens.own } as const;
    const remote = await createServer(services, { logger: log, traffic, access });
    this.#undo.push(() => closeServer(remote));
    await remote.listen({ ...tcp.address, exclusive: true });
    log.info({ address: remote.addresses()[0] }, 'also reachable by TCP, for reading');
  }

  #ownFindings(): readonly Finding[] {
    const findings = this.#policy?.findings() ?? [];
    return this.#switchesLost ? [...findings, this.#switchesLost] : findings;
  }

  #keepSwitches(enforcer: Enforcer): void {
    try {
      this.#keptSwitches?.keep(enforcer);
      this.#switchesLost = null;
    } catch (error) {
      this.#options.log.error(
        `the switch is set, but a restart would forget it: ${(error as Error).message}`,
      );
    }
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => {});
    this.#policy?.end();
    // The guests first: a client that does not let go of its connection must not keep them waiting.
    // What fails keeps nothing else from being given back, nor the daemon from ending: then the guardian has the rest.
    await this.#enforcer
      ?.stop()
      .catch((error: unknown) => this.#options.log.error(error, 'not all given back'));
    await this.#unwind();
    this.#end();
  }

  /** In the reverse of the order in which things were begun; what fails keeps nothing from being undone. */
  async #unwind(): Promise<void> {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) {
      try {
        await undo();
      } catch (error) {
        this.#options.log.error(error, 'something could not be stopped');
      }
    }
  }

  #runningTimes(enforcer: Enforcer): RunningTimes {
    const { stateDirectory, log, host } = this.#options;
    const outcomes = new KeptOutcomes(stateDirectory, log);
    this.#undo.push(() => outcomes.close());
    return new RunningTimes({
      signals: this.#sensing.signals,
      plan: () => enforcer.plan,
      status: () => enforcer.status(),
      outcomes,
      clock: host.clock,
    });
  }

  #services(enforcer: Enforcer, history: RecordedHistory): DaemonServices {
    return {
      status: () => {
        const status = enforcer.status();
        return { ...status, findings: [...this.#ownFindings(), ...status.findings] };
      },
      plan: () => enforcer.plan,
      events: enforcer.events,
      admit: (text) => this.#plans.admit(enforcer.plan, { file: 'request', text }),
      ledger: this.#ledger,
      signals: this.#sensing.signals,
      samples: (signal, query) => history.samples(signal, query),
      onSample: (listener) => this.#sensing.onSample(listener),
      runningTimes: this.#runningTimes(enforcer),
      setSwitch: (name, on, forNs) => {
        if (!enforcer.plan.switches.includes(name)) return false;
        enforcer.setSwitch(name, on, forNs);
        this.#keepSwitches(enforcer);
        return true;
      },
      pushSignal: (name, value, forNs) => {
        const signal = signalNamed(enforcer.plan, name);
        if (!signal) return 'unknown';
        const pushed = signalValue(value, signal.type);
        if (pushed === null) return { takes: exampleOf(signal.type) };
        enforcer.pushSignal(signal.name, pushed, forNs);
        return 'done';
      },
      telemetry: () => enforcer.telemetry(),
      replacePolicy: (text, options) => this.replacePolicy(text, options),
      reload: () => this.reload(),
      release: async () => {
        await enforcer.stop();
        // The answer goes out first.
        setImmediate(() => void this.stop());
      },
    };
  }

  #sensedGuests(): SensedGuest[] {
    const guests = this.#enforcer?.guests() ?? [];
    return guests.map(({ guest: { key, pid }, class: name }) => ({
      key,
      pid,
      classes: name === null ? [] : this.#subjectsWith(name),
    }));
  }

  /** A class and the unions that contain it, as signals are named after them. */
  #subjectsWith(name: string): readonly string[] {
    const plan = this.#enforcer?.plan;
    if (this.#subjects.plan !== plan) this.#subjects = { plan, byClass: new Map() };
    const known = this.#subjects.byClass.get(name);
    if (known !== undefined) return known;
    const unions = plan?.unions.filter(({ classes }) => classes.includes(name)) ?? [];
    const subjects = [name, ...unions.map((union) => union.name)].map(writtenName);
    this.#subjects.byClass.set(name, subjects);
    return subjects;
  }

  #subjectNames(): string[] {
    const { classes = [], unions = [] } = this.#enforcer?.plan ?? {};
    return [...classes, ...unions].map(({ name }) => writtenName(name));
  }
}

async function closeServer(app: FastifyInstance): Promise<void> {
  const impatience = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
  await app.close();
  clearTimeout(impatience);
}

function logEvent(log: Logger, { kind, subject, message, causes }: EnforcerEvent): void {
  const details = { kind, ...(subject !== null && { subject }), ...(causes.length > 0 && { causes }) };
  if (kind === 'finding') log.warn(details, message);
  else log.info(details, message);
}
