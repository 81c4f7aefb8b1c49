import { createServer, type Server, type Socket } from 'node:net';

/** Frames sent in one go: some 60 packets. */
const CHUNK_BYTES = 1 << 16;

/**
 * The guest's end of its network: QEMU connects to it (`-netdev stream`) and passes frames to and from its tap device, as it does
 * for a network card. Each frame has its length before it, in 4 bytes.
 */
export class FrameLink {
  receivedBytes = 0;
  readonly #server: Server;
  #socket: Socket | null = null;
  #flooding = false;

  constructor(readonly path: string) {
    this.#server = createServer((socket) => {
      this.#socket = socket;
      socket.on('data', (chunk: Buffer) => {
        this.receivedBytes += chunk.length;
      });
      socket.on('error', () => {}); // the guest ended
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.path, resolve));
  }

  /** QEMU's arguments: its tap device and this link on one hub. */
  arguments(tap: string): readonly string[] {
    return [
      ...['-netdev', `tap,id=t,ifname=${tap},script=no,downscript=no`],
      ...['-netdev', 'hubport,id=h0,hubid=0,netdev=t'],
      ...['-netdev', `stream,id=s,server=off,addr.type=unix,addr.path=${this.path}`],
      ...['-netdev', 'hubport,id=h1,hubid=0,netdev=s'],
    ];
  }

  /** Sends this frame again and again, as fast as QEMU takes it, until `stop`. */
  flood(frame: Buffer): void {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(frame.length);
    const packet = Buffer.concat([length, frame]);
    const chunk = Buffer.concat(Array<Buffer>(Math.ceil(CHUNK_BYTES / packet.length)).fill(packet));
    this.#flooding = true;
    const send = (): void => {
      if (!this.#flooding || !this.#socket?.writable) return;
      if (this.#socket.write(chunk)) setImmediate(send);
      else this.#socket.once('drain', send);
    };
    send();
  }

  stop(): void {
    this.#flooding = false;
  }

  close(): void {
    this.stop();
    this.#socket?.destroy();
    this.#server.close();
  }
}
