/*
 * A client that means no good: `node hostile-client.cjs SOCKET ATTACK`. Prints what came of it as one line of JSON, and
 * holds what it holds until its standard input ends.
 */
const { connect } = require('node:net');

const [socketPath, attack] = process.argv.slice(2);

/** Opens a connection, sends something, and collects what comes back; `closed` when the other side has ended it. */
function open(text = '') {
  const state = { answer: '', connected: false, closed: false };
  const socket = connect(socketPath, () => {
    state.connected = true;
  });
  // Before anything else that is written, connected or not.
  if (text) socket.write(text);
  socket.on('data', (piece) => {
    state.answer += piece.toString('latin1').slice(0, 4096);
  });
  socket.on('error', () => {});
  state.over = new Promise((resolve) => {
    socket.once('close', () => {
      state.closed = true;
      resolve();
    });
  });
  return { socket, state };
}

const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const statusOf = ({ answer }) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
const head = (...lines) => `${[...lines, 'Host: x'].join('\r\n')}\r\n`;

/** Sends without end, as fast as it is taken, until the other side closes. */
async function pour({ socket, state }, piece) {
  let sent = 0;
  const more = () => {
    while (!state.closed && socket.writable && socket.write(piece)) sent += piece.length;
  };
  socket.on('drain', more);
  more();
  await state.over;
  return { status: statusOf(state), megabytes: Math.round(sent / 1e6) };
}

const attacks = {
  /** A header now and then, for ever; a body that never comes to its end. */
  async slow() {
    const headers = Array.from({ length: 20 }, () => open('GET /v1/status HTTP/1.1\r\n'));
    const begun = head('POST /v1/admit HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 100');
    const body = open(`${begun}\r\n{`);
    const drip = setInterval(() => {
      for (const { socket } of headers) if (socket.writable) socket.write('X-Drip: 1\r\n');
      if (body.socket.writable) body.socket.write(' ');
    }, 500);
    await Promise.all([...headers, body].map(({ state }) => state.over));
    clearInterval(drip);
    return { statuses: headers.map(({ state }) => statusOf(state)), body: statusOf(body.state) };
  },

  async connections() {
    const all = [];
    for (let round = 0; round < 100; round++) {
      for (let i = 0; i < 100; i++) all.push(open());
      await delay(10);
    }
    await delay(500);
    const connected = all.filter(({ state }) => state.connected);
    const isOpen = ({ state }) => !state.closed;
    return { tried: all.length, connected: connected.length, open: connected.filter(isOpen).length };
  },

  async giantBodies() {
    const piece = 'x'.repeat(65_536);
    const length = `Content-Length: ${10 ** 9}`;
    const json = 'Content-Type: application/json';
    const chunk = `10000\r\n${piece}\r\n`;
    return {
      declared: await pour(open(`${head('POST /v1/admit HTTP/1.1', json, length)}\r\n`), piece),
      chunked: await pour(
        open(`${head('POST /v1/admit HTTP/1.1', json, 'Transfer-Encoding: chunked')}\r\n`),
        chunk,
      ),
      policy: await pour(
        open(`${head('PUT /v1/policy HTTP/1.1', 'Content-Type: text/plain', length)}\r\n`),
        piece,
      ),
    };
  },

  async headers() {
    return { flood: await pour(open('GET /v1/status HTTP/1.1\r\n'), `X-${'y'.repeat(1000)}: z\r\n`) };
  },

  async nonsense() {
    const texts = [
      '\0\0\0\0\r\n\r\n',
      'GET\r\n\r\n',
      '{"a":1}\r\n\r\n',
      `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n\r\n`,
    ];
    const all = texts.map((text) => open(text));
    await Promise.all(all.map(({ state }) => state.over));
    return { statuses: all.map(({ state }) => statusOf(state)) };
  },

  /** As many requests as fit, one behind the other on each connection, no answer read. */
  async pipelining() {
    const request = `${head('GET /v1/plan HTTP/1.1')}\r\n`.repeat(500);
    const all = Array.from({ length: 10 }, () => open());
    for (const { socket } of all) {
      socket.pause();
      socket.write(request);
    }
    await delay(2000);
    return { held: all.filter(({ state }) => !state.closed).length };
  },
};

process.stdin.on('end', () => process.exit()).resume();
attacks[attack]().then((outcome) => console.log(JSON.stringify(outcome)));
