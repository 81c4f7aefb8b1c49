import type { Plan } from '../compiler/plan.js';
import {
  type Action,
  Enforcer,
  type Host,
  type Observation,
  type Outcome,
  type Status,
} from '../enforce/index.js';
import { RunningProcesses, Sensing } from '../rps/index.js';
import type { Clock } from '../support/clock.js';

export interface DryRun {
  readonly mode: string | null;
  /** What the first step would do, in order. */
  readonly actions: readonly Action[];
  readonly findings: Status['findings'];
}

/** Rates of use need two samples, a second apart. */
const SAMPLES = 3;

/** What an enforcer would do now to keep `plan` on `host`, which is looked at and left as it is. */
export async function dryRun(plan: Plan, host: Host): Promise<DryRun> {
  const sensing = new Sensing();
  await samplesTaken(sensing, SAMPLES);
  const untouched = new UntouchedHost(host);
  const processes = new RunningProcesses();
  const enforcer = new Enforcer({
    host: untouched,
    plan,
    signals: sensing.signals,
    processes: (pattern, besides) => processes.isRunning(pattern, besides),
    timer: null,
  });
  try {
    await enforcer.start();
    const { mode, findings } = enforcer.status();
    return { mode: mode?.id ?? null, actions: untouched.firstActions(), findings };
  } finally {
    await enforcer.stop();
  }
}

function samplesTaken(sensing: Sensing, count: number): Promise<void> {
  return new Promise((resolve) => {
    let taken = 0;
    sensing.onSample(() => {
      taken++;
      if (taken < count) return;
      sensing.stop();
      resolve();
    });
    sensing.start();
  });
}

/** Observes a host and notes the actions that it is asked for. */
class UntouchedHost implements Host {
  readonly #host: Host;
  readonly #actions = new Map<string, Action>();

  constructor(host: Host) {
    this.#host = host;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  /** Each once: as nothing takes effect, the enforcer asks again. */
  firstActions(): Action[] {
    return [...this.#actions.values()];
  }

  async start(): Promise<void> {}

  facts() {
    return this.#host.facts();
  }

  observe(): Promise<Observation> {
    return this.#host.observe();
  }

  async act(action: Action): Promise<Outcome> {
    const key = JSON.stringify(action, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    if (!this.#actions.has(key)) this.#actions.set(key, action);
    return { ok: true };
  }

  async stop(): Promise<void> {}
}
