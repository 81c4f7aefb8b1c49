import { freshName, type Writing } from './declared.js';
import { writeCalendarCondition, writeCondition } from './write-conditions.js';

export function writeHost({ random, declared }: Writing): string {
  const properties = [
    `cores ${declared.cores}`,
    `memory ${random.pick(['32 GiB', '16GiB', '64 GB'])}`,
    `timezone "${random.pick(['Europe/Berlin', 'America/New_York', 'UTC'])}"`,
    ...(random.chance(0.2) ? ['mechanisms reservation, share, quota, duty, freezer'] : []),
  ];
  return `host { ${random.some(properties, 0, properties.length).join(' ')} }`;
}

function writeMatch({ random }: Writing, distinct: string): string {
  const tests = [
    `name ${random.pick([`"${distinct}-*"`, `"${distinct}?"`])}`,
    'unit "vm-[a-z]*.service"',
    'cgroup "/machine.slice/*"',
    'arg "-cpu\\\\host"',
    'uuid "123e4567-e89b-12d3-a456-426614174000"',
  ];
  const user = `user ${random.pick(['grid', '"alice"', '"dev-*"', 'limits'])}`;
  return `match ${[...random.some(tests, 0, 2), ...(random.chance(0.9) ? [user] : []), `name "${distinct}"`].join(' and ')}`;
}

/** Properties of a guest besides `match`: `vcpus`, and perhaps the others. */
export function writeGuest({ random }: Writing, vcpus: number, hasTasks: boolean): string[] {
  const tasks = random.some(['decode', 'audio', 'task', '"my task"'], hasTasks ? 1 : 0, hasTasks ? 2 : 0);
  return [
    `vcpus ${vcpus}`,
    ...(random.chance(0.3) ? [`memory ${random.pick(['512 MiB', '2GiB', '1 GB'])}`] : []),
    ...(random.chance(0.15) ? ['overhead 0.5ms every 10ms'] : []),
    ...tasks.map((name) => {
      const period = random.pick([10, 20, 33, 50]);
      const deadline = random.chance(0.3) ? ` within ${period - random.below(4)}ms` : '';
      return `task ${name} ${random.pick(['1ms', '0.5 ms', '200us'])} every ${period}ms${deadline}`;
    }),
  ];
}

export function writeClass(writing: Writing): string {
  const { random, declared } = writing;
  const name = freshName(writing);
  const vcpus = random.pick([1, 1, 2, 4]);
  const hasTasks = random.chance(0.3);
  const isVm = random.chance(0.5);
  const capacity = isVm ? 1 : random.between(1, 6);
  declared.classes.push({ name, capacity, vcpus, hasTasks });
  const distinct = `guest-${declared.classes.length}`;
  const matches = Array.from({ length: random.chance(0.2) ? 2 : 1 }, () => writeMatch(writing, distinct));
  const properties = [...matches, ...writeGuest(writing, vcpus, hasTasks)];
  const head = isVm
    ? `vm ${name}`
    : `group ${name} up to ${capacity} ${capacity === 1 ? random.pick(['vm', 'vms']) : 'vms'}`;
  return `${head} { ${random.some(properties, properties.length, properties.length).join(' ')} }`;
}

/** A union of classes that no other union has; null where too few are left. */
export function writeUnion(writing: Writing): string | null {
  const { random, declared } = writing;
  const taken = new Set(declared.unions.flatMap(({ members }) => members));
  const free = declared.classes.map(({ name }) => name).filter((name) => !taken.has(name));
  if (free.length === 0) return null;
  const members = random.some(free, 1, 3);
  const name = freshName(writing);
  declared.unions.push({ name, members });
  return `group ${name} = ${members.join(', ')}`;
}

export const writeIgnore = (writing: Writing): string => `ignore ${writeMatch(writing, 'emulator')}`;

export function writeSwitch(writing: Writing): string {
  const name = freshName(writing);
  writing.declared.switches.push(name);
  return `switch ${name}`;
}

export function writeSignal(writing: Writing): string {
  const name = freshName(writing);
  const type = writing.random.pick(['number', '%', 'time', 'size', 'rate', 'C'] as const);
  writing.declared.signals.push({ name, type });
  return `signal ${name} ${type}`;
}

export function writeLet(writing: Writing): string {
  const { random, declared } = writing;
  const isCalendar = random.chance(0.4);
  const condition = isCalendar ? writeCalendarCondition(writing) : writeCondition(writing);
  const name = freshName(writing);
  if (isCalendar) declared.calendars.push(name);
  declared.conditions.push(name);
  return `let ${name} = ${condition}`;
}
