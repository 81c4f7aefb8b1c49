import { agentPaths } from '../command-line.js';
import type { Guest } from '../guest.js';
import { locateSockets } from '../monitor-sockets.js';
import { AgentConnection, AgentError } from './agent-connection.js';
import { listensOn } from './own-socket.js';

export { AgentError } from './agent-connection.js';

/** What a guest's agent says of it: claims of the guest's, which concern nobody else. */
export interface AgentReadings {
  /** Load average over 1 min; null: an agent before version 10 cannot tell. */
  readonly load: number | null;
  /** Since the guest's boot, ms, of all its processors together: in use, and all; null: an agent before version 7.1 cannot tell. */
  readonly processors: { readonly busyMs: number; readonly allMs: number } | null;
}

const PATIENCE_MS = 1000;

/**
 * Asks the agent of a guest, if one answers on a socket that is the guest's own. Rejects with an {@link AgentError}. The agent is
 * free for others again afterwards.
 */
export async function askGuestAgent(
  { pid, commandLine }: Pick<Guest, 'pid' | 'commandLine'>,
  patienceMs = PATIENCE_MS,
): Promise<AgentReadings> {
  const path = agentPaths(commandLine).find((one) => listensOn(pid, one));
  const [found] = path === undefined ? [] : locateSockets('/proc', pid, [path]);
  if (found === undefined) throw new AgentError('the guest has no socket for an agent');
  const agent = new AgentConnection(found, patienceMs);
  try {
    await agent.synchronise();
    const load = await knownTo(agent, 'guest-get-load');
    const processors = await knownTo(agent, 'guest-get-cpustats');
    return { load: loadOf(load), processors: processorsOf(processors) };
  } finally {
    agent.close();
  }
}

/** Null where the agent does not know the command. */
async function knownTo(agent: AgentConnection, command: string): Promise<unknown> {
  try {
    return await agent.ask(command);
  } catch (error) {
    if (error instanceof AgentError && error.isUnknownCommand) return null;
    throw error;
  }
}

function loadOf(answer: unknown): number | null {
  const { load1m } = (answer ?? {}) as { readonly load1m?: unknown };
  return isAmount(load1m) ? load1m : null;
}

const TIMES = ['user', 'nice', 'system', 'irq', 'softirq', 'steal', 'idle', 'iowait'] as const;
const UNUSED: ReadonlySet<string> = new Set(['idle', 'iowait', 'steal']);

function processorsOf(answer: unknown): AgentReadings['processors'] {
  if (!Array.isArray(answer) || answer.length === 0) return null;
  let [busyMs, allMs] = [0, 0];
  for (const processor of answer as readonly (Readonly<Record<string, unknown>> | null)[]) {
    for (const time of TIMES) {
      const value = processor?.[time] ?? 0;
      if (!isAmount(value)) return null;
      allMs += value;
      if (!UNUSED.has(time)) busyMs += value;
    }
  }
  return { busyMs, allMs };
}

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 1e15;
