export interface SimulatedServer {
  readonly costNs: bigint;
  readonly periodNs: bigint;
}

/**
 * A discrete-event simulation of preemptive EDF on identical cores (one core: plain EDF; several: global EDF with free
 * migration). All servers are released together and want their whole budget in every period; a late budget is still
 * served. Runs for two hyperperiods; `latestNs` is the largest lateness seen.
 */
export function simulateEdf(
  servers: readonly SimulatedServer[],
  cores: number,
): { readonly latestNs: bigint } {
  const end = 2n * servers.map(({ periodNs }) => periodNs).reduce(leastCommonMultiple, 1n);
  let pending: { deadlineNs: bigint; remainingNs: bigint; server: number }[] = [];
  const nextRelease = servers.map(() => 0n);
  let now = 0n;
  let latestNs = 0n;
  while (now < end) {
    servers.forEach(({ costNs, periodNs }, server) => {
      if (nextRelease[server] !== now) return;
      pending.push({ deadlineNs: now + periodNs, remainingNs: costNs, server });
      nextRelease[server] = now + periodNs;
    });
    const running = firstOfEach(pending).slice(0, cores);
    const next = [...nextRelease, ...running.map(({ remainingNs }) => now + remainingNs), end].reduce(
      (a, b) => (a < b ? a : b),
    );
    for (const job of running) {
      job.remainingNs -= next - now;
      if (job.remainingNs === 0n && next - job.deadlineNs > latestNs) latestNs = next - job.deadlineNs;
    }
    pending = pending.filter(({ remainingNs }) => remainingNs > 0n);
    now = next;
  }
  for (const { deadlineNs } of pending) if (end - deadlineNs > latestNs) latestNs = end - deadlineNs;
  return { latestNs };
}

/** By deadline; of one server only its earliest job, as it is one thread. */
function firstOfEach<T extends { readonly deadlineNs: bigint; readonly server: number }>(
  pending: readonly T[],
): readonly T[] {
  const sorted = [...pending].sort((a, b) =>
    a.deadlineNs < b.deadlineNs ? -1 : a.deadlineNs > b.deadlineNs ? 1 : a.server - b.server,
  );
  const seen = new Set<number>();
  return sorted.filter(({ server }) => !seen.has(server) && seen.add(server));
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
