import type { Socket } from 'node:net';

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface RunOptions {
  /** Then it is killed with all it started, and `run` rejects. Default one minute. */
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly onStdout?: (text: string) => void;
}

/** A command that runs in the test host. */
export interface RunningCommand {
  readonly ended: Promise<CommandResult>;
  /** Sends `signal` to the command's process group. */
  kill(signal: NodeJS.Signals): void;
}

interface Command {
  readonly options: RunOptions;
  readonly output: Record<'stdout' | 'stderr', Buffer[]>;
  readonly resolve: (result: CommandResult) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly ready?: string;
  readonly id?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
  readonly error?: string;
}

/** Our end of the line to the agent inside the test host (guest/agent.cjs describes the messages). */
export class AgentLink {
  readonly ready: Promise<string>;
  readonly #socket: Socket;
  readonly #commands = new Map<number, Command>();
  #nextId = 1;
  #pending = '';
  #lost: Error | null = null;
  #announce: (release: string) => void = () => {};
  #giveUp: (error: Error) => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    this.ready = new Promise((resolve, reject) => {
      this.#announce = resolve;
      this.#giveUp = reject;
    });
    this.ready.catch(() => {}); // whoever waits sees it; nobody has to
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => this.fail(new Error('the test host went away')));
  }

  start(argv: readonly string[], options: RunOptions = {}): RunningCommand {
    const id = this.#nextId++;
    const ended = new Promise<CommandResult>((resolve, reject) => {
      if (this.#lost !== null) return reject(this.#lost);
      this.#commands.set(id, { options, output: { stdout: [], stderr: [] }, resolve, reject });
      const { env, cwd, stdin } = options;
      this.#send({ id, run: { argv, env, cwd, stdin } });
    });
    return { ended, kill: (signal) => this.#send({ id, kill: signal }) };
  }

  /** Everything that waits is rejected with `error`; so is what comes later. */
  fail(error: Error): void {
    this.#lost ??= error;
    this.#giveUp(this.#lost);
    for (const command of this.#commands.values()) command.reject(this.#lost);
    this.#commands.clear();
    this.#socket.destroy();
  }

  #send(message: object): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #receive(text: string): void {
    const lines = (this.#pending + text).split('\n');
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#handle(JSON.parse(line) as Message);
  }

  #handle(message: Message): void {
    if (message.ready !== undefined) this.#announce(message.ready);
    const command = message.id === undefined ? undefined : this.#commands.get(message.id);
    if (command === undefined || message.id === undefined) return;
    for (const name of ['stdout', 'stderr'] as const) {
      const data = message[name];
      if (data === undefined) continue;
      const bytes = Buffer.from(data, 'base64');
      command.output[name].push(bytes);
      if (name === 'stdout') command.options.onStdout?.(bytes.toString());
    }
    if (message.exit === undefined && message.error === undefined) return;
    this.#commands.delete(message.id);
    if (message.error !== undefined) command.reject(new Error(message.error));
    else if (message.exit !== undefined) command.resolve(resultOf(command, message.exit));
  }
}

function resultOf(command: Command, exit: NonNullable<Message['exit']>): CommandResult {
  const text = (name: 'stdout' | 'stderr') => Buffer.concat(command.output[name]).toString();
  return { stdout: text('stdout'), stderr: text('stderr'), exitCode: exit.code, signal: exit.signal };
}
