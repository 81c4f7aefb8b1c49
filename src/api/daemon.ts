import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { HostFacts } from '../compiler/facts.js';
import type { Plan } from '../compiler/plan.js';
import { Enforcer, type EnforcerEvent, type Host } from '../enforce/index.js';
import type { Finding } from '../enforce/status.js';
import type { Diagnostic } from '../lang/index.js';
import { writtenName } from '../lang/words.js';
import { RunningProcesses, type SensedGuest, Sensing } from '../rps/index.js';
import { type LoadedPlan, loadPlan } from './load-plan.js';
import { createServer, serve } from './server.js';
import type { DaemonServices } from './services.js';
import { exampleOf, signalNamed, signalValue } from './signal-value.js';
import { StartedHost } from './started-host.js';
import { type FileVersion, fileVersion, watchForChanges } from './watch-file.js';

export interface DaemonOptions {
  /** A policy or a plan. */
  readonly file: string;
  readonly socket: string;
  readonly host: Host;
  readonly log: Logger;
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
  #facts: HostFacts | null = null;
  #rejected: Finding | null = null;
  /** Of the files that the policy in force, or rejected, was read from. */
  #versions: ReadonlyMap<string, FileVersion> = new Map();
  #end: () => void = () => {};
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const { sampleIntervalNs } = options;
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
  async reload(): Promise<void> {
    const { file, log } = this.#options;
    const enforcer = this.#enforcer;
    if (!enforcer || !this.#facts) return;
    this.#versions = new Map([[file, fileVersion(file)]]);
    try {
      const { plan, diagnostics, versions } = loadPlan(file, this.#facts);
      this.#versions = versions;
      this.#logDiagnostics(diagnostics);
      this.#rejected = plan
        ? null
        : this.#rejection(diagnostics.find(({ severity }) => severity === 'error'));
      if (plan) await enforcer.replacePlan(plan);
    } catch (error) {
      this.#rejected = this.#rejection({ message: (error as Error).message });
    }
    if (this.#rejected) log.error(`${this.#rejected.message}; ${this.#rejected.fallback}`);
  }

  /** What `vmc status` shows until the file is put right: its owner must not believe that it is in force. */
  #rejection(
    first: Pick<Diagnostic, 'message'> & Partial<Diagnostic> = { message: 'it has errors' },
  ): Finding {
    const { file } = this.#options;
    const line = first.range ? ` (line ${first.range.start.line})` : '';
    return {
      code: 'policy-rejected',
      severity: 'error',
      subject: null,
      message: `${file} was changed, but cannot be taken: ${first.message}${line}`,
      fallback: `the policy in force stays; 'vmc check ${file}' shows all that is wrong`,
      sinceMs: Date.now(),
    };
  }

  async #start(): Promise<void> {
    const { host, file, log, socket } = this.#options;
    await host.start();
    this.#undo.push(() => host.stop());
    this.#facts = await host.facts();
    const enforcer = new Enforcer({
      host: new StartedHost(host),
      plan: this.#loadFirst(file, this.#facts),
      signals: this.#sensing.signals,
      processes: (pattern, besides) => this.#processes.isRunning(pattern, besides),
    });
    this.#enforcer = enforcer;
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
    const app = await createServer(this.#services(enforcer), log);
    await serve(app, socket);
    this.#undo.push(() => closeServer(app));
    this.#undo.push(
      watchForChanges(
        () => this.#versions,
        () => void this.reload(),
      ),
    );
    log.info({ socket }, 'ready');
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
    await this.#enforcer?.stop();
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
        return this.#rejected ? { ...status, findings: [this.#rejected, ...status.findings] } : status;
      },
      plan: () => enforcer.plan,
      events: enforcer.events,
      signals: this.#sensing.signals,
      setSwitch: (name, on, forNs) => {
        if (!enforcer.plan.switches.includes(name)) return false;
        enforcer.setSwitch(name, on, forNs);
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
      release: async () => {
        await enforcer.stop();
        // The answer goes out first.
        setImmediate(() => void this.stop());
      },
    };
  }

  #sensedGuests(): SensedGuest[] {
    const guests = this.#enforcer?.status().guests ?? [];
    return guests.map(({ key, pid, class: name }) => ({
      key,
      pid,
      class: name === null ? null : writtenName(name),
    }));
  }

  #classNames(): string[] {
    return this.#enforcer?.plan.classes.map(({ name }) => writtenName(name)) ?? [];
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
