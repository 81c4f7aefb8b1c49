/** An Ethernet frame with an UDP packet over IPv4 in it; addresses as bytes. */
export function udpFrame(options: {
  readonly toMac: string;
  readonly fromMac: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly port: number;
  readonly payloadBytes: number;
}): Buffer {
  const { from, to, port, payloadBytes } = options;
  const mac = (text: string) => Buffer.from(text.replaceAll(':', ''), 'hex');
  const udp = Buffer.alloc(8 + payloadBytes);
  udp.writeUInt16BE(port, 0);
  udp.writeUInt16BE(port, 2);
  udp.writeUInt16BE(udp.length, 4); // no checksum: IPv4 may do without
  const header = Buffer.from([0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, ...from, ...to]);
  header.writeUInt16BE(header.length + udp.length, 2);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([mac(options.toMac), mac(options.fromMac), Buffer.from([0x08, 0x00]), header, udp]);
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
