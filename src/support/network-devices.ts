/** Bytes that a network device received and sent since it was made, as the host sees it: what a guest sends its tap receives. */
export interface DeviceCounters {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** "  name: " and 16 numbers: bytes and seven more received, then sent. */
const LINE = /^\s*(\S+):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/gm;

/** The devices of one network namespace by name, from the text of its /proc/net/dev. */
export function networkDevices(text: string): ReadonlyMap<string, DeviceCounters> {
  const found = new Map<string, DeviceCounters>();
  for (const [, name = '', received, sent] of text.matchAll(LINE)) {
    found.set(name, { receivedBytes: Number(received), sentBytes: Number(sent) });
  }
  return found;
}
