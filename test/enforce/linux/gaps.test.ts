import { expect } from 'chai';
import { renderTable } from '../../../src/cli/render/table.js';
import { freeDeadlineBandwidth } from '../../../src/enforce/linux/host-facts.js';
import { type MeasuredServer, measureGaps } from './gaps/gap-measurement.js';
import { aloneOnACore, crowded } from './gaps/gap-requests.js';
import { requireReservations, untilBandwidthIs } from './real-host.js';

const SECONDS = 5;

describe('gaps of real servers, beside twice as many hogs as cores', function () {
  this.timeout(240_000);
  const rows: MeasuredServer[] = [];
  let free: number;

  beforeEach(async function () {
    requireReservations(this);
    free = await freeDeadlineBandwidth();
  });

  afterEach(async () => {
    await untilBandwidthIs(free);
  });

  after(() => {
    if (rows.length > 0) console.log(table(rows));
  });

  it('are at most as long as the plan states, alone on a core', async () => {
    for (const request of aloneOnACore(SECONDS)) rows.push(...(await kept(measureGaps(request))));
  });

  it('are at most as long as the plan states, on cores that are all but full', async () => {
    rows.push(...(await kept(measureGaps(crowded(SECONDS)))));
  });
});

async function kept(measuring: Promise<readonly MeasuredServer[]>): Promise<readonly MeasuredServer[]> {
  const servers = await measuring;
  const told = table(servers);
  for (const { server, longestGapNs, rateOff, rateOffLimit, fidelity } of servers) {
    expect(longestGapNs, `gap of ${server}\n${told}`).to.be.at.most(fidelity.worstGapNs ?? 0);
    expect(Math.abs(rateOff), `rate of ${server}\n${told}`).to.be.at.most(rateOffLimit);
  }
  return servers;
}

function table(servers: readonly MeasuredServer[]): string {
  const rows = servers.map(({ server, core, crowd, longestGapNs, stolenNs, fidelity, rateOff }) => [
    server,
    `${core}`,
    `${crowd}`,
    ms(longestGapNs),
    ms(stolenNs),
    ms(fidelity.worstGapNs ?? 0),
    fidelity.kind,
    `${(rateOff * 100).toFixed(2)}%`,
  ]);
  const header = ['server', 'core', 'servers on it', 'longest gap', 'stolen', 'stated', '', 'rate off by'];
  return renderTable(header, rows);
}

const ms = (ns: number): string => `${(ns / 1e6).toFixed(1)}ms`;
