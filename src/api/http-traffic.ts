/** Why a client was turned away before, or instead of, an answer. */
export type TurnedAway = 'connections' | 'streams' | 'rate' | 'token' | 'host';

/** What the HTTP interface has done since it began: for its own metrics. Routes are those of the interface, not paths. */
export class HttpTraffic {
  readonly requests = new Map<
    string,
    { readonly method: string; readonly route: string; readonly code: number; count: number }
  >();
  readonly turnedAway = new Map<TurnedAway, number>();
  openConnections = 0;
  openStreams = 0;

  answered(method: string, route: string, code: number): void {
    const key = `${method} ${route} ${code}`;
    const entry = this.requests.get(key);
    if (entry) entry.count += 1;
    else this.requests.set(key, { method, route, code, count: 1 });
  }

  refused(why: TurnedAway): void {
    this.turnedAway.set(why, (this.turnedAway.get(why) ?? 0) + 1);
  }
}
