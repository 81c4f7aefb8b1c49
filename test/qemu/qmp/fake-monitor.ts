import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const GREETING =
  '{"QMP": {"version": {"qemu": {"major": 9, "minor": 0, "micro": 1}}, "capabilities": []}}\r\n';

/** Anything that listens where a monitor should: `serve` decides how well it behaves. */
export class FakeMonitor {
  readonly #directory = mkdtempSync(join(tmpdir(), 'vmc-qmp-'));
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly path = join(this.#directory, 'qmp.sock');
  /** All that clients have sent. */
  received = '';
  /** Connections so far. */
  connections = 0;

  constructor(serve: (socket: Socket, monitor: FakeMonitor) => void) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => {
        this.received += chunk.toString('utf8');
      });
      serve(socket, this);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.path, resolve));
    return this;
  }

  /** Breaks all connections that there are. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async end(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Serves as QEMU does: greets, and answers each command with what `answer` gives, `{}` by default. */
export function politely(answer: (command: string, id: number) => string | null = () => null) {
  return (socket: Socket): void => {
    socket.write(GREETING);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const { execute, id } = JSON.parse(line) as { execute: string; id: number };
        socket.write(answer(execute, id) ?? `{"return": {}, "id": ${id}}\r\n`);
      }
    });
  };
}
