interface PlacedServer {
  readonly budgetNs: bigint;
  readonly periodNs: bigint;
  readonly core: number | null;
}

export const utilisationOf = ({ budgetNs, periodNs }: Pick<PlacedServer, 'budgetNs' | 'periodNs'>): number =>
  Number(budgetNs) / Number(periodNs);

/** Sum of utilisations by core, of servers that are confined to one. */
export function coreSums(servers: Iterable<PlacedServer>): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const server of servers) {
    if (server.core !== null) sums.set(server.core, (sums.get(server.core) ?? 0) + utilisationOf(server));
  }
  return sums;
}
