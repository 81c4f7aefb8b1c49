/** One line for each signal with a fixed name. */
export const SIGNAL_DOCS: Readonly<Record<string, string>> = {
  'owner.demand':
    'CPU that everything which is no guest uses or is kept waiting for: the one to build conditions on.',
  'owner.cpu':
    'CPU that everything which is no guest uses. Guests depress it where they compete for the CPU.',
  'host.cpu': 'CPU that everything on this host uses.',
  'guests.cpu': 'CPU that all guests use together.',
  'host.load': 'Length of the run queue, averaged exponentially over one minute.',
  'host.memory.available': 'Memory that is available.',
  'host.pressure.cpu': 'Share of time in which something waits for the CPU (PSI "some", average of 10 s).',
  'host.pressure.memory': 'Share of time in which something waits for memory (PSI "some", average of 10 s).',
  'host.pressure.io': 'Share of time in which something waits for I/O (PSI "some", average of 10 s).',
  'host.temperature': 'Temperature of the hottest core.',
  'host.battery': 'Charge of the battery.',
  'host.on-battery': 'Whether the host runs on its battery; one without a battery never does.',
  'user.active': 'Whether the last input is less than a minute old.',
  'user.idle': 'Time since the last input by keyboard, mouse or terminal.',
  'host.disk.busy': 'How busy the busiest disk is.',
  'host.network.in': 'What the host receives from the network.',
  'host.network.out': 'What the host sends to the network.',
};

/** Behind the name of a class or union and a dot. */
export const CLASS_SIGNAL_DOCS: Readonly<Record<string, string>> = {
  cpu: 'CPU that its guests use together.',
  memory: 'Resident memory of its guests.',
  running: 'Whether a guest of it exists now.',
  count: 'How many guests of it exist now.',
};

/** The types in the words of the language: what a signal is compared with. */
export const SIGNAL_TYPE_WORDS: Readonly<Record<string, string>> = {
  cpu: '% of cpu',
  number: 'number',
  percent: '%',
  size: 'size',
  time: 'time',
  rate: 'rate',
  temperature: 'C',
  boolean: 'true or false',
};
