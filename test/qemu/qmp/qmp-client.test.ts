import type { Socket } from 'node:net';
import { expect } from 'chai';
import { queryCpusFast, queryName, queryStatus } from '../../../src/qemu/qmp/commands.js';
import { QmpClient, type QmpEvent, type QmpOptions } from '../../../src/qemu/qmp/qmp-client.js';
import { QmpError } from '../../../src/qemu/qmp/qmp-error.js';
import { until } from '../../support/guests/until.js';
import { FakeMonitor, GREETING, politely } from './fake-monitor.js';

/** The code of the failure that a promise ends in. */
const failure = (promise: Promise<unknown> | undefined) =>
  promise?.then(
    () => 'none',
    (error: unknown) => {
      expect(error).to.be.instanceOf(QmpError);
      return (error as QmpError).code;
    },
  );

describe('QmpClient', () => {
  const monitors: FakeMonitor[] = [];
  const clients: QmpClient[] = [];
  const serve = (behave: (socket: Socket, monitor: FakeMonitor) => void) => {
    const monitor = new FakeMonitor(behave);
    monitors.push(monitor);
    return monitor.start();
  };
  const connect = async (monitor: FakeMonitor, options: QmpOptions = {}) => {
    const client = await QmpClient.connect(monitor.path, options);
    clients.push(client);
    return client;
  };
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await Promise.all(monitors.splice(0).map((monitor) => monitor.end()));
  });

  it('negotiates, and matches answers with commands whatever their order', async () => {
    const held: string[] = [];
    const monitor = await serve((socket) =>
      politely((command, id) => {
        if (command === 'qmp_capabilities') return null;
        held.push(`{"return": "${command}", "id": ${id}}\r\n`);
        return held.length === 3 ? held.reverse().join('') : '';
      })(socket),
    );
    const client = await connect(monitor);
    const answers = await Promise.all(['a', 'b', 'c'].map((command) => client.execute(command)));
    expect(answers).to.deep.equal(['a', 'b', 'c']);
  });

  it('sends nothing to a service that does not greet as a monitor does', async () => {
    const silent = await serve(() => {});
    expect(await failure(connect(silent, { connectTimeoutMs: 50 }))).to.equal('occupied');
    const other = await serve((socket) => socket.write('220 mail.example.org ESMTP\r\n'));
    expect(await failure(connect(other))).to.equal('protocol');
    const json = await serve((socket) => socket.write('{"hello": 1}\n'));
    expect(await failure(connect(json, { connectTimeoutMs: 50 }))).to.equal('occupied');
    expect(silent.received + other.received + json.received).to.equal('');
  });

  it('says that a monitor cannot be reached', async () => {
    expect(await failure(QmpClient.connect('/nonexistent/qmp.sock'))).to.equal('unreachable');
    expect(await failure(QmpClient.connect(`/tmp/${'x'.repeat(200)}`))).to.equal('unreachable');
    expect(await failure(QmpClient.connect('/etc/passwd'))).to.equal('unreachable');
  });

  it('gives up on a monitor that greets and then hangs', async () => {
    const monitor = await serve((socket) => socket.write(GREETING));
    expect(await failure(connect(monitor, { connectTimeoutMs: 50 }))).to.equal('occupied');
  });

  it('gives up on a command without an answer, and takes no later answer for another one', async () => {
    let late = '';
    const monitor = await serve((socket) =>
      politely((command, id) => {
        if (command === 'slow') {
          late = `{"return": "late", "id": ${id}}\r\n`;
          return '';
        }
        return command === 'next' ? `${late}{"return": "in time", "id": ${id}}\r\n` : null;
      })(socket),
    );
    const client = await connect(monitor, { commandTimeoutMs: 50 });
    expect(await failure(client.execute('slow'))).to.equal('timeout');
    expect(await client.execute('next')).to.equal('in time');
  });

  it('rejects what is unanswered when the other side closes, or closes half', async () => {
    for (const close of ['destroy', 'end'] as const) {
      const monitor = await serve((socket) => {
        politely((command) => {
          if (command !== 'die') return null;
          socket[close]();
          return '';
        })(socket);
      });
      const client = await connect(monitor);
      expect(await failure(client.execute('die')), close).to.equal('closed');
      expect((await client.ended).code).to.equal('closed');
      expect(await failure(client.execute('more'))).to.equal('closed');
    }
  });

  it('passes a refusal on in the words of QEMU', async () => {
    const monitor = await serve((socket) =>
      politely((command, id) =>
        command === 'bad'
          ? `{"error": {"class": "CommandNotFound", "desc": "no bad here"}, "id": ${id}}`
          : null,
      )(socket),
    );
    const client = await connect(monitor);
    const error = await client.execute('bad').catch((caught: QmpError) => caught);
    expect(error).to.include({ code: 'refused', qemuClass: 'CommandNotFound', message: 'no bad here' });
  });

  it('hands on events, between answers and on their own', async () => {
    const monitor = await serve((socket) =>
      politely((command, id) =>
        command === 'stop'
          ? `{"event": "STOP"}{"return": {}, "id": ${id}}{"event": "X", "data": {"a": 1}}`
          : null,
      )(socket),
    );
    const events: QmpEvent[] = [];
    const client = await connect(monitor, { onEvent: (event) => events.push(event) });
    await client.execute('stop');
    await until(() => events.length === 2);
    expect(events).to.deep.equal([
      { event: 'STOP', data: {} },
      { event: 'X', data: { a: 1 } },
    ]);
  });

  it('drops a monitor that floods, with events or with one endless object', async () => {
    for (const text of ['{"event": "FLOOD", "data": {"x": "yyyyyyyyyyyyyyyy"}}\n', '"x": ']) {
      const block = text.repeat(20_000);
      const monitor = await serve((socket) => {
        politely()(socket);
        const pour = () => {
          while (!socket.destroyed && socket.write(block));
        };
        socket.once('data', () => {
          if (!text.startsWith('{')) socket.write('{"a": ');
          socket.on('drain', pour);
          setImmediate(pour);
        });
      });
      const client = await connect(monitor);
      expect((await client.ended).code, text).to.equal('protocol');
    }
  });

  it('holds no more than so many commands for a monitor that does not answer', async () => {
    const monitor = await serve(politely((command) => (command === 'qmp_capabilities' ? null : '')));
    const client = await connect(monitor);
    const open = Array.from({ length: 64 }, () => failure(client.execute('void')));
    expect(await failure(client.execute('one more'))).to.equal('timeout');
    client.close();
    expect(new Set(await Promise.all(open))).to.deep.equal(new Set(['closed']));
  });

  it('checks the shape of answers', async () => {
    const wrong = ['null', '1', '{}', '[1]', '[{"cpu-index": -1, "thread-id": 1}]', '[{"cpu-index": 0}]'];
    let next = 0;
    const monitor = await serve(
      politely((command, id) =>
        command === 'qmp_capabilities' ? null : `{"return": ${wrong[next]}, "id": ${id}}`,
      ),
    );
    const client = await connect(monitor);
    for (next = 0; next < wrong.length; next++) {
      expect(await failure(queryCpusFast(client)), wrong[next]).to.equal('protocol');
      expect(await failure(queryStatus(client)), wrong[next]).to.equal('protocol');
    }
    next = 2;
    expect(await queryName(client)).to.equal(null);
  });
});
