import { expect } from 'chai';
import { QmpSession } from '../../../src/qemu/qmp/qmp-session.js';
import { until } from '../../support/guests/until.js';
import { FakeMonitor, politely } from './fake-monitor.js';

describe('QmpSession', () => {
  let monitor: FakeMonitor;
  let session: QmpSession;
  afterEach(async () => {
    session.stop();
    await monitor.end();
  });

  it('connects again when the connection breaks, and says so each time', async () => {
    let times = 0;
    monitor = await new FakeMonitor(politely()).start();
    session = new QmpSession(monitor.path, { retryFirstMs: 1, onConnected: () => (times += 1) });
    session.start();
    session.start();
    for (const round of [1, 2, 3]) {
      await until(() => times === round && session.connected);
      expect(await session.execute('query-status')).to.deep.equal({});
      monitor.hangUp();
      await until(() => times > round || !session.connected);
    }
    expect(monitor.connections).to.be.at.least(3);
  });

  it('keeps trying while nothing answers, and stops when told to', async () => {
    monitor = new FakeMonitor(politely());
    session = new QmpSession(monitor.path, { retryFirstMs: 1, retryLongestMs: 5 });
    session.start();
    const refused = await session.execute('query-status').catch((error: Error) => error);
    expect(refused).to.include({ code: 'closed' });
    await monitor.start();
    await until(() => session.connected);
    session.stop();
    expect(session.connected).to.equal(false);
  });

  it('is one connection again after a stop and a start in the midst of connecting', async () => {
    monitor = await new FakeMonitor(politely()).start();
    let times = 0;
    session = new QmpSession(monitor.path, { onConnected: () => (times += 1) });
    session.start();
    session.stop();
    session.start();
    await until(() => session.connected);
    await until(() => monitor.connections === 2);
    expect(await session.execute('query-status')).to.deep.equal({});
    expect(times).to.equal(1);
  });
});
