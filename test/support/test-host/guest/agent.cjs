// Runs inside the test host: takes commands from the virtio port, one JSON document a line, and streams back what
// they print. In: {id, run: {argv, env, cwd, stdin}} | {id, kill: signal}. Out: {ready} | {id, stdout|stderr: base64}
// | {id, exit: {code, signal}} | {id, error}. When the other side goes away the machine switches itself off.
const { spawn, execFileSync } = require('node:child_process');
const fs = require('node:fs');

const PORT = fs.readdirSync('/sys/class/virtio-ports').find((port) => /^vport/.test(port));
const fd = fs.openSync(`/dev/${PORT}`, 'r+');
const commands = new Map();

function send(message) {
  let bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(fs.writeSync(fd, bytes));
}

function run(id, { argv, env, cwd, stdin }) {
  const child = spawn(argv[0], argv.slice(1), { cwd, env: { ...process.env, ...env }, detached: true });
  commands.set(id, child);
  child.on('error', (error) => send({ id, error: error.message }));
  for (const name of ['stdout', 'stderr']) {
    child[name].on('data', (data) => send({ id, [name]: data.toString('base64') }));
  }
  child.stdin.on('error', () => {}); // a command need not read what it is given
  child.stdin.end(stdin);
  child.on('close', (code, signal) => {
    commands.delete(id);
    send({ id, exit: { code, signal } });
  });
}

// The whole process group: a command that is ended takes along what it started.
function kill(id, signal) {
  const child = commands.get(id);
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

let pending = '';
function receive(text) {
  const lines = (pending + text).split('\n');
  pending = lines.pop();
  for (const line of lines) {
    const message = JSON.parse(line);
    if (message.run) run(message.id, message.run);
    else kill(message.id, message.kill);
  }
}

function listen() {
  fs.read(fd, Buffer.alloc(65536), 0, 65536, null, (error, count, buffer) => {
    if (error || count === 0) execFileSync('/bin/busybox', ['poweroff', '-f']);
    receive(buffer.toString('utf8', 0, count));
    listen();
  });
}

send({ ready: fs.readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim() });
listen();
