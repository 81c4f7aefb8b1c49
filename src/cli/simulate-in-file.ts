import { importReader } from '../api/read-import.js';
import { type CompiledPolicy, compile, type HostFacts, type Plan } from '../compiler/index.js';
import { SIGNALS } from '../lang/signals.js';
import {
  compareReports,
  renderTimeline,
  type Simulation,
  simulate,
  simulateWithDetail,
} from '../simulate/index.js';
import type { CommandResult, Context } from './command.js';
import { refusal } from './command-error.js';
import type { SimulateArguments } from './commands/simulate.js';
import { exitCodeOf } from './exit-code-of.js';
import { hostFacts } from './host-facts.js';
import { readOrRefuse, readPolicy } from './read-policy.js';
import { renderDiagnostics } from './render/diagnostics.js';
import { renderSimulation } from './render/simulation.js';
import { simulatedSettings } from './simulated-settings.js';
import { simulatedTrace } from './simulated-trace.js';
import { writeOrRefuse } from './write-or-refuse.js';

const TRACE_READ_BYTES = 256 * 1024 * 1024;
/** The replay knows these whatever the host senses: it computes them. */
const COMPUTED = ['owner.demand', 'owner.cpu', 'guests.cpu', 'host.cpu'];
const INVENTED = ['user.idle', 'user.active'];
const WIDTH = 100;

/** Replays a trace through a policy, or through two. */
export async function simulateInFile(args: SimulateArguments, context: Context): Promise<CommandResult> {
  const text = args.trace === undefined ? null : readTrace(args.trace);
  const facts = withSensors(await hostFacts(args.host, context), text);
  const files = [args.policy, ...(args.against === undefined ? [] : [args.against])];
  const compiled = files.map((file) => compile(readPolicy(file), facts, { readImport: importReader(file) }));
  const [first, second] = compiled.map(({ plan }) => plan);
  if (!first || second === null) return refused(compiled, context);
  const plans: readonly [Plan, ...Plan[]] = second ? [first, second] : [first];
  const started = simulatedTrace(args, text, plans);
  const settings = simulatedSettings(args.set, plans, started.startMs);
  const progress = progressOn(context, plans.length);
  const simulations: Simulation[] = [];
  for (const plan of plans) {
    const done = simulations.length;
    const run = args.detail ? simulateWithDetail : simulate;
    simulations.push(
      await run(plan, started.trace, {
        startMs: started.startMs,
        settings: settings.filter(({ key }) => knows(plan, key)),
        onProgress: (part) => progress.show(done + part),
      }),
    );
  }
  progress.end();
  const [one, other] = simulations;
  if (one && args.svg !== undefined) {
    writeOrRefuse(args.svg, renderTimeline(one.timeline, one.report, first.host.timezone));
  }
  return resultOf(compiled, one, other, args, context);
}

function readTrace(file: string): string {
  const text = readOrRefuse(file, TRACE_READ_BYTES + 1);
  if (Buffer.byteLength(text) <= TRACE_READ_BYTES) return text;
  throw refusal('EFBIG', `${file} is larger than 256 MiB`, 'cut it, or record in longer steps');
}

function resultOf(
  compiled: readonly CompiledPolicy[],
  one: Simulation | undefined,
  other: Simulation | undefined,
  { svg }: SimulateArguments,
  { colors, quiet, stdout }: Context,
): CommandResult {
  const diagnostics = compiled.flatMap((each) => each.diagnostics);
  const differences = one && other ? compareReports(one.report, other.report) : null;
  const width = Math.min(stdout.columns ?? WIDTH, WIDTH);
  const reports = [one, other].flatMap((each) => (each ? [each.report] : []));
  return {
    exitCode: exitCodeOf(diagnostics),
    json: {
      ...(one && { simulation: one.report }),
      ...(other && { against: other.report }),
      ...(differences && { differences }),
      diagnostics,
    },
    text: quiet && svg !== undefined ? '' : renderSimulation(reports, differences, { colors, width }),
  };
}

/** What a trace says the host can sense, whatever its facts say. */
function withSensors(facts: HostFacts, trace: string | null): HostFacts {
  const header = trace === null ? INVENTED : (/^[^\n]*/.exec(trace)?.[0] ?? '').split(',');
  const names = header.map((name) => name.trim().replaceAll('"', '')).filter((name) => SIGNALS.has(name));
  const active = names.includes('user.idle') ? ['user.active'] : [];
  return { ...facts, sensors: [...new Set([...facts.sensors, ...COMPUTED, ...names, ...active])] };
}

const knows = (plan: Plan, key: string): boolean =>
  plan.signals.some(({ name }) => name === key) || plan.switches.some((name) => key === `switch ${name}`);

function refused(compiled: readonly CompiledPolicy[], { errorColors }: Context): CommandResult {
  const diagnostics = compiled.flatMap((each) => each.diagnostics);
  const sources = compiled.flatMap(({ files }) => files);
  return {
    exitCode: exitCodeOf(diagnostics),
    json: { diagnostics },
    complaints: renderDiagnostics(diagnostics, sources, errorColors.enabled),
  };
}

const SLOW_MS = 1000;

/** On a terminal, once it takes more than a second. */
function progressOn({ stderr, quiet }: Context, total: number) {
  const beganMs = performance.now();
  let shown = false;
  return {
    show: (done: number): void => {
      if (quiet || stderr.isTTY !== true || performance.now() - beganMs < SLOW_MS) return;
      stderr.write(`\rsimulating: ${Math.floor((100 * done) / total)}%`);
      shown = true;
    },
    end: (): void => {
      if (shown) stderr.write('\r\u001b[K');
    },
  };
}
