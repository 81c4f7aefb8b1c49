import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { networkBackends, parseQemuArguments } from '../../src/qemu/command-line.js';
import { requireQemu } from '../support/guests/require-qemu.js';

const read = (...words: readonly string[]) => parseQemuArguments(['qemu-system-x86_64', ...words]);

describe('parseQemuArguments', () => {
  it('reads the name in each of the ways it can be given', () => {
    expect(read('-name', 'video').name).to.equal('video');
    expect(read('-name', 'guest=video,debug-threads=on').name).to.equal('video');
    expect(read('--name', 'video,debug-threads=on').name).to.equal('video');
    expect(read('-name', 'a,,b, c').name).to.equal('a,b');
    expect(read('-name', 'old', '-name', 'process=x', '-name', 'guest=new').name).to.equal('new');
    expect(read('-m', '16M').name).to.equal(null);
    expect(read('-name').name).to.equal(null);
  });

  it('does not take the argument of one option for another option', () => {
    expect(read('-append', '-name', 'disk.img').name).to.equal(null);
    expect(read('-nographic', '-name', 'video').name).to.equal('video');
    expect(read('-name', 'video', '-append', '-name').name).to.equal('video');
  });

  it('reads the number of virtual CPUs', () => {
    expect(read().cpus).to.equal(1);
    expect(read('-smp', '4').cpus).to.equal(4);
    expect(read('-smp', '4,maxcpus=8').cpus).to.equal(4);
    expect(read('-smp', 'sockets=2,cores=3,threads=2').cpus).to.equal(12);
    expect(read('-smp', 'maxcpus=8').cpus).to.equal(8);
    expect(read('-smp', 'many').cpus).to.equal(null);
    expect(read('-smp', '99999999999').cpus).to.equal(null);
  });

  it('finds the monitors that listen on unix sockets, and no others', () => {
    expect(read('-qmp', 'unix:/a,server=on,wait=off').monitorPaths).to.deep.equal(['/a']);
    expect(read('-qmp', 'unix:/a,,b,server,nowait').monitorPaths).to.deep.equal(['/a,b']);
    expect(read('-qmp-pretty', 'unix:a,server').monitorPaths).to.deep.equal(['a']);
    expect(read('-qmp', 'unix:/a').monitorPaths).to.deep.equal([]);
    expect(read('-qmp', 'unix:/a,server=off').monitorPaths).to.deep.equal([]);
    expect(read('-qmp', 'unix:/a,server,abstract=on').monitorPaths).to.deep.equal([]);
    expect(read('-qmp', 'tcp:localhost:4444,server').monitorPaths).to.deep.equal([]);
    expect(read('-qmp', 'stdio').monitorPaths).to.deep.equal([]);
    expect(read('-monitor', 'unix:/human,server').monitorPaths).to.deep.equal([]);
  });

  it('finds the monitors of Proxmox', () => {
    const words = [
      ...['-id', '100', '-name', 'web,debug-threads=on', '-no-shutdown'],
      ...['-chardev', 'socket,id=qmp,path=/var/run/qemu-server/100.qmp,server=on,wait=off'],
      ...['-mon', 'chardev=qmp,mode=control'],
      ...['-chardev', 'socket,id=qmp-event,path=/var/run/qmeventd.sock,reconnect=5'],
      ...['-mon', 'chardev=qmp-event,mode=control', '-pidfile', '/var/run/qemu-server/100.pid', '-daemonize'],
      ...['-smp', '4,sockets=1,cores=4,maxcpus=4'],
    ];
    expect(read(...words)).to.deep.equal({
      name: 'web',
      uuid: null,
      cpus: 4,
      monitorPaths: ['/var/run/qemu-server/100.qmp'],
    });
  });

  it('finds the monitor that libvirt hands over as a descriptor', () => {
    const file = '/var/lib/libvirt/qemu/domain-1-web/master-key.aes';
    const object = `{"qom-type":"secret","id":"masterKey0","format":"raw","file":"${file}"}`;
    const words = [
      ...['-name', 'guest=web,debug-threads=on', '-S', '-object', object],
      ...['-uuid', '5a6b1b7e-3c9e-4c0f-8e43-0d7c1f6f0a11', '-smp', '2,sockets=2,cores=1,threads=1'],
      ...[
        '-chardev',
        'socket,id=charmonitor,fd=33,server=on,wait=off',
        '-mon',
        'chardev=charmonitor,id=monitor,mode=control',
      ],
    ];
    expect(read(...words)).to.deep.equal({
      name: 'web',
      uuid: '5a6b1b7e-3c9e-4c0f-8e43-0d7c1f6f0a11',
      cpus: 2,
      monitorPaths: ['/var/lib/libvirt/qemu/domain-1-web/monitor.sock'],
    });
    const before = object.replace(
      /^.*/,
      'secret,id=masterKey0,format=raw,file=/var/lib/libvirt/qemu/domain-1-web/master-key.aes',
    );
    expect(read(...words.with(4, before)).monitorPaths).to.deep.equal([
      '/var/lib/libvirt/qemu/domain-1-web/monitor.sock',
    ]);
    expect(read(...words.with(4, '{"file":')).monitorPaths).to.deep.equal([]);
  });

  it('never fails, whatever the words', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '-name',
        '-qmp',
        '-mon',
        '-chardev',
        '-smp',
        '-object',
        '--',
        '-',
        '{',
        'unix:',
        'chardev:',
      ),
      fc.string({ unit: fc.constantFrom(',', '=', 'socket', 'id', 'path', 'server', 'fd') }),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(parseQemuArguments(words).monitorPaths).to.be.an('array');
      }),
    );
  });

  it('takes every option of the installed QEMU for a flag exactly where QEMU does', function () {
    requireQemu(this);
    const help = spawnSync('qemu-system-x86_64', ['-help'], { encoding: 'utf8' }).stdout;
    const options = new Set([...help.matchAll(/^--?([a-z][\w-]*)/gim)].map((match) => match[1] ?? ''));
    expect(options.size).to.be.above(80);
    for (const option of options) {
      // QEMU reads all words before it does anything, and stops at the first option that it does not know.
      const run = spawnSync('qemu-system-x86_64', [`-${option}`, '-no-such-1', '-no-such-2'], {
        encoding: 'utf8',
      });
      const takesNone = run.stderr.includes('-no-such-1: invalid option');
      expect(takesNone || run.stderr.includes('-no-such-2: invalid option'), run.stderr).to.equal(true);
      expect(read(`-${option}`, '-name', 'x').name, option).to.equal(
        takesNone ? 'x' : option === 'name' ? '-name' : null,
      );
    }
  });

  it('reads names as the installed QEMU does', function () {
    requireQemu(this);
    const values = [
      ...['plain', 'with space', 'a,,b', ',,', 'x,process=y', 'guest=x,,,process=y', 'guest=a,guest=b'],
      ...['process=y,guest=z', 'guest=a=b', 'quo\'te"', 'ümlaut', 'debug-threads=on', 'line\nbreak'],
    ];
    const input = '{"execute":"qmp_capabilities"}{"execute":"query-name"}{"execute":"quit"}';
    for (const value of values) {
      const words = ['-name', value, '-machine', 'none', '-display', 'none', '-nodefaults', '-qmp', 'stdio'];
      const run = spawnSync('qemu-system-x86_64', words, { input, encoding: 'utf8' });
      const answer = run.stdout.split('\n').filter((line) => line.startsWith('{"return"'))[1];
      expect(answer, run.stderr).to.be.a('string');
      expect(read(...words).name, value).to.equal(JSON.parse(answer ?? '').return.name ?? null);
    }
  });
});

describe('networkBackends', () => {
  const backends = (...words: readonly string[]) => networkBackends(['qemu', ...words]);

  it('names each kind once, whichever option gave it', () => {
    const tap = ['-netdev', 'tap,id=a,fd=3', '-netdev', '{"type":"tap","fd":"4","id":"b"}'];
    expect(
      backends(...tap, '-nic', 'user,model=virtio', '-net', 'nic', '-net', 'bridge,br=br0'),
    ).to.deep.equal(['tap', 'user', 'bridge']);
  });

  it('knows what QEMU does where nothing is said, and where no network is asked for', () => {
    expect(backends()).to.deep.equal(['user']);
    expect(backends('-nodefaults')).to.deep.equal([]);
    expect(backends('-nic', 'none')).to.deep.equal([]);
    expect(backends('-netdev', '{"type":1', '-netdev', 'id=x')).to.deep.equal([]);
  });
});
