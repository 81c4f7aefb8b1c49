import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { HostFacts } from '../compiler/facts.js';
import type { Plan } from '../compiler/plan.js';
import { Enforcer, type EnforcerEvent, type Host } from '../enforce/index.js';
import type { LedgerThread } from '../enforce/ledger/ledger-thread.js';
import type { Finding } from '../enforce/status.js';
import type { Diagnostic } from '../lang/index.js';
import { writtenName } from '../lang/words.js';
import { RunningProcesses, type SensedGuest, Sensing } from '../rps/index.js';
import { replaceFile } from '../support/replace-file.js';
import { HttpTraffic } from './http-traffic.js';
import { KeptSwitches } from './kept-switches.js';
import { listenOnSocket, type SocketAccounts } from './listening-socket.js';
import { type LoadedPlan, loadPlan, planOf } from './load-plan.js';
import { openLedger } from './open-ledger.js';
import { ownersOf } from './owner.js';
import { createServer } from './server.js';
import type { DaemonServices, PolicyOutcome } from './services.js';
import { exampleOf, signalNamed, signalValue } from './signal-value.js';
import { StartedHost } from './started-host.js';
import type { TcpAddress } from './tcp-address.js';
import { readToken } from './token-file.js';
import { type FileVersion, fileVersion, watchForChanges } from './watch-file.js';

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
  /** How often the host is sensed, 50 ms to 10 s; default 1 s. */
  readonly sampleIntervalNs?: number;
}

/** The policy has errors, or cannot be kept on this host: the daemon did not start. */
export class RejectedPolicyError extends Error {
  override readonly name = 'RejectedPolicyError';
  readonly loaded: LoadedPlan;

  constructor(loaded: LoadedPlan) {
    super(`${loaded.files[0]?.file ?? 'the policy'} has errors`);
    this.loaded = loaded;
  }
}

/** Each sample makes a step; where one is late, a step is made without it. */
const PATIENCE_NS = 250_000_000n;
/** Answers that are under way have so long to come to an end. */
const CLOSE_MS = 1000;

/**
 * The composition: a policy compiled against the host, its sensors, the enforcer and the HTTP interface.
 * The constructor does nothing; `start` begins, `stop` gives everything back; `ended` resolves when it has.
 */
export class Daemon {
  readonly ended: Promise<void>;
  readonly #options: DaemonOptions;
  readonly #sensing: Sensing;
  readonly #processes = new RunningProcesses();
  readonly #undo: (() => void | Promise<void>)[] = [];
  #enforcer: Enforcer | null = null;
  #ledger: LedgerThread | null = null;
  readonly #keptSwitches: KeptSwitches | null;
  #switchesLost: Finding | null = null;
  #facts: HostFacts | null = null;
  #rejected: Finding | null = null;
  /** The policy in force came over HTTP, and is not in the file. */
  #put: { readonly sinceMs: number } | null = null;
  /** Of the files that the policy in force, or rejected, was read from. */
  #versions: ReadonlyMap<string, FileVersion> = new Map();
  #end: () => void = () => {};
  /** Of the TCP interface. */
  #token = '';
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const { sampleIntervalNs, stateDirectory, host } = options;
    this.#keptSwitches = stateDirectory === undefined ? null : new KeptSwitches(stateDirectory, host.clock);
    this.#sensing = new Sensing({
      guests: () => this.#sensedGuests(),
      classes: () => this.#classNames(),
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

  /** Takes the file as it is now; one with errors changes nothing but the log. */
  async reload(): Promise<PolicyOutcome> {
    const { file } = this.#options;
    const facts = this.#facts;
    if (!this.#enforcer || !facts) return { kind: 'rejected', message: 'the daemon starts', diagnostics: [] };
    this.#readTokenAgain();
    this.#versions = new Map([[file, fileVersion(file)]]);
    const outcome = await this.#take(() => {
      const loaded = loadPlan(file, facts);
      this.#versions = loaded.versions;
      return loaded;
    });
    this.#put = outcome.kind === 'taken' ? null : this.#put;
    this.#rejected = outcome.kind === 'taken' ? null : this.#rejection(outcome);
    if (this.#rejected) this.#options.log.error(`${this.#rejected.message}; ${this.#rejected.fallback}`);
    return outcome;
  }

  /** Takes a text in the place of the policy in force, and with `keep` in that of the file; see docs/decisions/0021. */
  async replacePolicy(text: string, { keep }: { readonly keep: boolean }): Promise<PolicyOutcome> {
    const { file, log } = this.#options;
    const facts = this.#facts;
    if (!this.#enforcer || !facts) return { kind: 'rejected', message: 'the daemon starts', diagnostics: [] };
    const outcome = await this.#take(() => {
      const loaded = planOf({ file, text }, facts);
      if (loaded.plan && keep) keepIn(file, text);
      // Unless it is kept the file goes on counting: when it changes it is in force again.
      if (loaded.plan)
        this.#versions = new Map([[file, fileVersion(file)], ...(keep ? loaded.versions : [])]);
      return loaded;
    });
    if (outcome.kind !== 'taken') return outcome;
    this.#rejected = null;
    this.#put = keep ? null : { sinceMs: Date.now() };
    log.info({ policy: outcome.policy, keep }, 'a policy was put over HTTP');
    return outcome;
  }

  /** Puts what `load` answers in force. Nothing is changed where it has no plan, or throws. */
  async #take(load: () => LoadedPlan): Promise<PolicyOutcome> {
    try {
      const { plan, diagnostics } = load();
      this.#logDiagnostics(diagnostics);
      if (!plan) return { kind: 'rejected', message: messageOf(diagnostics), diagnostics };
      await this.#enforcer?.replacePlan(plan);
      return { kind: 'taken', policy: plan.policy, diagnostics };
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof UnkeptPolicyError) return { kind: 'cannot-keep', message };
      return { kind: 'rejected', message, diagnostics: [] };
    }
  }

  /** What `vmc status` shows until the file is put right: its owner must not believe that it is in force. */
  #rejection({ message }: { readonly message: string }): Finding {
    const { file } = this.#options;
    return {
      code: 'policy-rejected',
      severity: 'error',
      subject: null,
      message: `${file} was changed, but cannot be taken: ${message}`,
      fallback: `the policy in force stays; 'vmc check ${file}' shows all that is wrong`,
      sinceMs: Date.now(),
    };
  }

  /** Findings about the policy itself, before those of the enforcer. */
  #policyFindings(): readonly Finding[] {
    const { file } = this.#options;
    const put: Finding | null = this.#put && {
      code: 'policy-not-kept',
      severity: 'note',
      subject: null,
      message: `the policy in force was put over HTTP, and is not the one in ${file}`,
      fallback: `after a restart, a reload or a change of ${file} that file is in force again`,
      sinceMs: this.#put.sinceMs,
    };
    return [this.#rejected, put].filter((one) => one !== null);
  }

  async #start(): Promise<void> {
    const { host, file, log, socket, stateDirectory } = this.#options;
    this.#readToken();
    await host.start();
    this.#undo.push(() => host.stop());
    this.#facts = await host.facts();
    const plan = this.#loadFirst(file, this.#facts);
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
    this.#sensing.start();
    this.#undo.push(() => this.#sensing.stop());
    await enforcer.start();
    this.#undo.push(() => enforcer.stop());
    await this.#serve(this.#services(enforcer));
    this.#undo.push(
      watchForChanges(
        () => this.#versions,
        () => void this.reload(),
      ),
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
    const access = { kind: 'tcp', token: () => this.#token } as const;
    const remote = await createServer(services, { logger: log, traffic, access });
    this.#undo.push(() => closeServer(remote));
    await remote.listen({ ...tcp.address, exclusive: true });
    log.info({ address: remote.addresses()[0] }, 'also reachable by TCP, for reading');
  }

  /** Throws a TokenFileError. */
  #readToken(): void {
    const { tcp } = this.#options;
    if (tcp) this.#token = readToken(tcp.tokenFile);
  }

  /** A token can be changed while the daemon runs: one that is wrong leaves the old one. */
  #readTokenAgain(): void {
    try {
      this.#readToken();
    } catch (error) {
      this.#options.log.error(`${(error as Error).message}; the old token stays`);
    }
  }

  #ownFindings(): readonly Finding[] {
    return this.#switchesLost ? [...this.#policyFindings(), this.#switchesLost] : this.#policyFindings();
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

  #loadFirst(file: string, facts: HostFacts): Plan {
    const loaded = loadPlan(file, facts);
    if (!loaded.plan) throw new RejectedPolicyError(loaded);
    this.#versions = loaded.versions;
    this.#logDiagnostics(loaded.diagnostics);
    return loaded.plan;
  }

  #logDiagnostics(diagnostics: readonly Diagnostic[]): void {
    const { log } = this.#options;
    for (const { severity, code, message, hint, file, range } of diagnostics) {
      const place = { code, file, line: range.start.line, ...(hint !== undefined && { hint }) };
      if (severity === 'error') log.error(place, message);
      else log.warn(place, message);
    }
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => {});
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

  #services(enforcer: Enforcer): DaemonServices {
    return {
      status: () => {
        const status = enforcer.status();
        return { ...status, findings: [...this.#ownFindings(), ...status.findings] };
      },
      plan: () => enforcer.plan,
      events: enforcer.events,
      ledger: this.#ledger,
      signals: this.#sensing.signals,
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
      class: name === null ? null : writtenName(name),
    }));
  }

  #classNames(): string[] {
    return this.#enforcer?.plan.classes.map(({ name }) => writtenName(name)) ?? [];
  }
}

/** The file of the daemon could not be written: the text that was to be kept there is not taken either. */
class UnkeptPolicyError extends Error {
  override readonly name = 'UnkeptPolicyError';
}

function keepIn(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new UnkeptPolicyError(`${file} cannot be written: ${(error as Error).message}`);
  }
}

/** The first error, with its line: the others are in the diagnostics. */
function messageOf(diagnostics: readonly Diagnostic[]): string {
  const first = diagnostics.find(({ severity }) => severity === 'error');
  return first ? `${first.message} (line ${first.range.start.line})` : 'it has errors';
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
