import type { Plan, Schedule, Server } from '../plan.js';

/** The same thread in every schedule. */
export const threadOf = ({ class: name, member, thread }: Server): string => `${name} ${member} ${thread}`;

/** Every vCPU and main loop of every guest with a reservation has the server that its setting says, and no other thread has one. */
export function threadProblems({ settings, servers }: Schedule, { classes }: Plan): readonly string[] {
  const wanted = new Map<string, string>();
  const byName = new Map(classes.map((one) => [one.name, one]));
  for (const setting of settings) {
    if (setting.mechanism !== 'reservation') continue;
    const { maxGuests, vcpus } = byName.get(setting.class) ?? {
      maxGuests: 0,
      vcpus: 0,
    };
    for (let member = 0; member < maxGuests; member++) {
      const want = (thread: string, { budgetNs, periodNs }: Pick<Server, 'budgetNs' | 'periodNs'>) =>
        wanted.set(`${setting.class} ${member} ${thread}`, `${budgetNs}/${periodNs}`);
      for (let vcpu = 0; vcpu < vcpus; vcpu++) want(`vcpu ${vcpu}`, setting.vcpus?.[vcpu] ?? setting);
      want('main', setting.overhead);
    }
  }
  const problems: string[] = [];
  for (const server of servers) {
    const thread = threadOf(server);
    if (wanted.get(thread) !== `${server.budgetNs}/${server.periodNs}`)
      problems.push(`the server of ${thread} is not what its setting says`);
    wanted.delete(thread);
  }
  return [...problems, ...[...wanted.keys()].map((thread) => `${thread} has no server`)];
}
