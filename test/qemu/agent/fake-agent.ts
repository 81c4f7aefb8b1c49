import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Answers one command; undefined: not at all. */
export type Answering = (command: string) => unknown;

/** A socket as QEMU has it for a guest's agent, with an agent behind it that speaks the protocol. */
export class FakeAgent {
  readonly directory = mkdtempSync(join(tmpdir(), 'vmc-agent-'));
  readonly path = join(this.directory, 'qga.sock');
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** `stale`: what is still on its way from somebody else's question. */
  constructor(answer: Answering, stale: Buffer = Buffer.alloc(0)) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.write(stale);
      socket.on('data', (chunk: Buffer) => {
        const isDelimited = chunk[0] === 0xff;
        const text = chunk.subarray(isDelimited ? 1 : 0).toString();
        const { execute, arguments: given } = JSON.parse(text) as {
          execute: string;
          arguments?: { id: number };
        };
        this.asked.push(execute);
        const said = execute === 'guest-sync-delimited' ? { return: given?.id } : answer(execute);
        if (said === undefined) return;
        socket.write(
          Buffer.concat([Buffer.from(isDelimited ? [0xff] : []), Buffer.from(`${JSON.stringify(said)}\n`)]),
        );
      });
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.path, resolve));
    return this;
  }

  /** The words with which QEMU is started that has this socket. */
  get commandLine(): readonly string[] {
    return [
      ...['qemu-system-x86_64', '-chardev', `socket,path=${this.path},server=on,wait=off,id=qga0`],
      ...['-device', 'virtio-serial', '-device', 'virtserialport,chardev=qga0,name=org.qemu.guest_agent.0'],
    ];
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
