import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { TURNS_PER_UNIT, UNITS_PER_LINE } from '../../guests/counter/counter-image.js';
import { lastLine } from '../../guests/guest-progress.js';
import { type StartedGuest, type StartGuestOptions, startGuest } from '../../guests/start-guest.js';
import { requireQemu, requireRoot } from '../support/guests/require-qemu.js';
import { until } from '../support/guests/until.js';

const state = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0];
const cpuNs = (pid: number) =>
  readdirSync(`/proc/${pid}/task`)
    .map((tid) => BigInt(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0] ?? ''))
    .reduce((sum, ns) => sum + ns, 0n);

describe('startGuest', () => {
  const started: StartedGuest[] = [];
  const start = async (options: StartGuestOptions) => {
    const guest = await startGuest(options);
    started.push(guest);
    return guest;
  };
  before(function () {
    requireQemu(this);
  });
  afterEach(() => Promise.all(started.splice(0).map((guest) => guest.stop())));

  it('boots the 512 bytes and counts', async () => {
    const guest = await start({ name: 'counts' });
    const first = await guest.progress();
    const later = await until(async () => {
      const progress = await guest.progress();
      return progress.units >= first.units + 10n * BigInt(UNITS_PER_LINE) && progress;
    });
    expect(later.atNs > first.atNs).to.equal(true);
    expect(later.ticks).to.equal(null);
    expect(readFileSync(guest.serialPath, 'utf8')).to.match(/^(?:[0-9a-f]{8}\n)+/);
    expect(state(guest.pid)).to.be.oneOf(['R', 'S']);
  });

  it('reports every line, in steps of the same amount of work', async () => {
    const guest = await start({ name: 'steps' });
    await until(async () => (await guest.progress()).units >= 20n * BigInt(UNITS_PER_LINE));
    const lines = readFileSync(guest.serialPath, 'utf8').split('\n').slice(0, 20);
    expect(lines.map((line) => Number.parseInt(line, 16))).to.deep.equal(
      Array.from({ length: 20 }, (_, index) => index * UNITS_PER_LINE),
    );
  });

  it('does work in proportion to the CPU time it gets', async () => {
    const guest = await start({ name: 'proportional' });
    const rate = async () => {
      const [units, ns] = [(await guest.progress()).units, cpuNs(guest.pid)];
      const next = units + 40n * BigInt(UNITS_PER_LINE);
      const reached = await until(async () => {
        const progress = await guest.progress();
        return progress.units >= next && progress;
      });
      return Number(reached.units - units) / Number(cpuNs(guest.pid) - ns);
    };
    const rates: number[] = [];
    while (rates.length < 10) rates.push(await rate());
    // The machine's speed varies with what its neighbours do to its caches and clock: by turns both have their part of it.
    const medianOf = (parity: number) =>
      rates.filter((_, index) => index % 2 === parity).sort((a, b) => a - b)[2] ?? Number.NaN;
    const [first, second] = [medianOf(0), medianOf(1)];
    expect(second / first).to.be.within(0.7, 1.4);
    expect(first * TURNS_PER_UNIT).to.be.within(0.05, 20); // turns per ns: of the order of one
  });

  it('counts timer interrupts in the variant with a timer', async () => {
    const guest = await start({ name: 'timer', image: { timerHz: 500 } });
    const progress = await until(async () => {
      const latest = await guest.progress();
      return (latest.ticks ?? 0n) > 100n && latest;
    });
    expect(progress.units > 0n).to.equal(true);
  });

  it('mostly sleeps in the idle variant', async () => {
    const guest = await start({ name: 'idle', image: { timerHz: 50, idle: true } });
    const [before, ns, at] = [await guest.progress(), cpuNs(guest.pid), process.hrtime.bigint()];
    await until(async () => (await guest.progress()).units > before.units + 16n);
    const share = Number(cpuNs(guest.pid) - ns) / Number(process.hrtime.bigint() - at);
    expect(share).to.be.below(0.6);
  });

  it('keeps every virtual CPU of a guest with several busy', async () => {
    const guest = await start({ name: 'pair', cpus: 2 });
    const busy = () =>
      readdirSync(`/proc/${guest.pid}/task`).filter((tid) => {
        const name = readFileSync(`/proc/${guest.pid}/task/${tid}/comm`, 'utf8');
        const ns = Number(readFileSync(`/proc/${guest.pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]);
        return /^CPU \d\/TCG/.test(name) && ns > 100e6;
      }).length;
    await until(async () => busy() === 2);
  });

  it('runs all virtual CPUs in one thread when asked to', async () => {
    const guest = await start({ name: 'single', threads: 'single', cpus: 2 });
    const names = readdirSync(`/proc/${guest.pid}/task`).map((tid) =>
      readFileSync(`/proc/${guest.pid}/task/${tid}/comm`, 'utf8').trim(),
    );
    expect(names).to.include('ALL CPUs/TCG');
  });

  it('starts without a name, without a QMP socket and without thread names', async () => {
    const guest = await start({ name: null, qmp: false });
    const bare = await start({ name: 'bare, with a comma', debugThreads: false });
    expect(guest.qmpPath).to.equal(null);
    const commandLine = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    expect(commandLine(guest.pid)).to.not.include('-name').and.not.include('-qmp');
    expect(commandLine(bare.pid)).to.include('guest=bare,, with a comma,debug-threads=off');
  });

  it('has no controlling terminal, or one of its own when asked to', async () => {
    const terminalOf = (pid: number) =>
      Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[4]);
    const [plain, fromShell] = [
      await start({ name: 'plain' }),
      await start({ name: 'shell', terminal: true }),
    ];
    expect(terminalOf(plain.pid)).to.equal(0);
    expect(terminalOf(fromShell.pid)).to.not.equal(0);
    expect(readlinkSync(`/proc/${fromShell.pid}/exe`)).to.contain('qemu-system');
  });

  it('runs as another user and on the cores it is given', async function () {
    requireRoot(this, 'to start a guest as another user');
    const guest = await start({ name: 'nobody', user: 'nobody', taskset: [0] });
    const status = readFileSync(`/proc/${guest.pid}/status`, 'utf8');
    expect(status).to.match(/^Cpus_allowed_list:\t0$/m);
    const uid = execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).trim();
    expect(status).to.match(new RegExp(`^Uid:\t${uid}\t`, 'm'));
  });

  it('can be ended while stopped, and leaves no files', async () => {
    const guest = await start({ name: 'stopped' });
    process.kill(guest.pid, 'SIGSTOP');
    await until(async () => state(guest.pid) === 'T');
    await guest.stop();
    await guest.stop();
    expect(existsSync(`/proc/${guest.pid}`)).to.equal(false);
    expect(existsSync(dirname(guest.serialPath))).to.equal(false);
  });

  it('says what QEMU said when it does not start', async () => {
    const failure = await startGuest({ name: 'bad', extraArguments: ['-no-such-option'] }).then(
      () => 'started',
      (error: Error) => error.message,
    );
    expect(failure).to.match(/no-such-option/);
  });

  it('ends with the process that started it, however that one ends', async () => {
    for (const terminal of [false, true]) {
      const pid = await guestOfKilledProcess(terminal);
      await until(async () => !existsSync(`/proc/${pid}`) || state(pid) === 'Z');
    }
  });
});

/** Starts another process that starts a guest, kills it by SIGKILL, and gives the guest's pid. */
async function guestOfKilledProcess(terminal: boolean): Promise<number> {
  const moduleUrl = new URL('../../guests/start-guest.ts', import.meta.url).href;
  const script = `
    const { startGuest } = await import(${JSON.stringify(moduleUrl)});
    const guest = await startGuest({ name: 'orphan', terminal: ${terminal} });
    console.log(guest.pid, guest.serialPath);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const text of parent.stdout.setEncoding('utf8')) {
    output += text;
    if (output.endsWith('\n')) break;
  }
  const [pid = '', serialPath = ''] = output.trim().split(' ');
  expect(existsSync(`/proc/${pid}`)).to.equal(true);
  parent.kill('SIGKILL');
  // A killed process removes no files.
  await rm(dirname(serialPath), { recursive: true });
  return Number(pid);
}

describe('lastLine', () => {
  it('takes the latest complete line and ignores one that is still being written', () => {
    expect(lastLine('00000008\n00000010\n000000')).to.deep.equal({ units: 16n, ticks: null });
    expect(lastLine('00000008 000001f4\n')).to.deep.equal({ units: 8n, ticks: 500n });
    expect(lastLine('0000000')).to.equal(null);
  });

  it('does not take the end of a line that was cut off at its start for a line', () => {
    expect(lastLine('08 000001f4\n')).to.equal(null);
    expect(lastLine(' 000001f4\n')).to.equal(null);
  });
});
