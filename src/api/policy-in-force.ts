import type { Logger } from 'pino';
import type { HostFacts } from '../compiler/facts.js';
import type { Plan } from '../compiler/plan.js';
import type { Finding } from '../enforce/status.js';
import type { Diagnostic } from '../lang/index.js';
import { replaceFile } from '../support/replace-file.js';
import type { LoadedPlan } from './load-plan.js';
import type { PlanRequest } from './plan-protocol.js';
import type { PlanLoader } from './plan-thread.js';
import type { PolicyOutcome } from './services.js';
import { type FileVersion, fileVersion } from './watch-file.js';

/** The policy has errors, or cannot be kept on this host: the daemon did not start. */
export class RejectedPolicyError extends Error {
  override readonly name = 'RejectedPolicyError';
  readonly loaded: LoadedPlan;

  constructor(loaded: LoadedPlan) {
    super(`${loaded.files[0]?.file ?? 'the policy'} has errors`);
    this.loaded = loaded;
  }
}

export interface PolicyInForceOptions {
  /** Of the daemon: a policy or a plan. */
  readonly file: string;
  readonly facts: HostFacts;
  readonly plans: PlanLoader;
  readonly log: Logger;
  /** Puts a plan in the place of the one in force. */
  readonly replacePlan: (plan: Plan) => Promise<void>;
}

/**
 * Which policy is in force: that of the daemon's file, or one that was put over HTTP (docs/decisions/0021). Policies are taken
 * one after the other, in the order in which they came, however long each takes to compile.
 */
export class PolicyInForce {
  readonly #options: PolicyInForceOptions;
  /** The one that is being taken, and those that wait for it. */
  #taken: Promise<unknown> = Promise.resolve();
  #rejected: Finding | null = null;
  /** It came over HTTP, and is not in the file. */
  #put: { readonly sinceMs: number } | null = null;
  #versions: ReadonlyMap<string, FileVersion> = new Map();
  #ended = false;

  constructor(options: PolicyInForceOptions) {
    this.#options = options;
  }

  /** Of the files that the policy in force, or rejected, was read from. */
  get versions(): ReadonlyMap<string, FileVersion> {
    return this.#versions;
  }

  /** The plan to begin with. Rejects with a {@link RejectedPolicyError}, or as the loader does. */
  async first(): Promise<Plan> {
    const loaded = await this.#load(this.#fileRequest());
    if (!loaded.plan) throw new RejectedPolicyError(loaded);
    this.#versions = loaded.versions;
    this.#logDiagnostics(loaded.diagnostics);
    return loaded.plan;
  }

  /** Takes the file as it is now; one with errors changes nothing but the log. */
  reload(): Promise<PolicyOutcome> {
    const { file, log } = this.#options;
    // At once: whoever watches the file need not ask again.
    this.#versions = new Map([[file, fileVersion(file)]]);
    return this.#inTurn(async () => {
      const outcome = await this.#take(async () => {
        const loaded = await this.#load(this.#fileRequest());
        this.#versions = loaded.versions;
        return loaded;
      });
      this.#put = outcome.kind === 'taken' ? null : this.#put;
      this.#rejected = outcome.kind === 'taken' ? null : this.#rejection(outcome);
      if (this.#rejected) log.error(`${this.#rejected.message}; ${this.#rejected.fallback}`);
      return outcome;
    });
  }

  /** Takes a text in the place of the policy in force, and with `keep` in that of the file. */
  replace(text: string, { keep }: { readonly keep: boolean }): Promise<PolicyOutcome> {
    const { file, facts, log } = this.#options;
    return this.#inTurn(async () => {
      const outcome = await this.#take(async () => {
        const loaded = await this.#load({ kind: 'text', source: { file, text }, facts });
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
    });
  }

  /** What there is to say of the policy itself. */
  findings(): readonly Finding[] {
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

  /** Nothing is taken any more, not even what is being compiled. */
  end(): void {
    this.#ended = true;
  }

  #inTurn(take: () => Promise<PolicyOutcome>): Promise<PolicyOutcome> {
    const outcome = this.#taken.then(take);
    this.#taken = outcome.catch(() => {});
    return outcome;
  }

  #fileRequest(): PlanRequest {
    const { file, facts } = this.#options;
    return { kind: 'file', file, facts };
  }

  async #load(request: PlanRequest): Promise<LoadedPlan> {
    const loaded = await this.#options.plans.load(request);
    if (this.#ended) throw new Error('the daemon ends');
    return loaded;
  }

  /** Puts what `load` answers in force. Nothing is changed where it has no plan, or rejects. */
  async #take(load: () => Promise<LoadedPlan>): Promise<PolicyOutcome> {
    try {
      const { plan, diagnostics } = await load();
      this.#logDiagnostics(diagnostics);
      if (!plan) return { kind: 'rejected', message: messageOf(diagnostics), diagnostics };
      await this.#options.replacePlan(plan);
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

  #logDiagnostics(diagnostics: readonly Diagnostic[]): void {
    const { log } = this.#options;
    for (const { severity, code, message, hint, file, range } of diagnostics) {
      const place = { code, file, line: range.start.line, ...(hint !== undefined && { hint }) };
      if (severity === 'error') log.error(place, message);
      else log.warn(place, message);
    }
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
