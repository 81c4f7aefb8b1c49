import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { listenOnSocket } from '../../src/api/listening-socket.js';
import { bootId } from '../../src/enforce/linux/boot-id.js';
import { guardianScript } from '../../src/enforce/linux/guardian-script.js';
import { FileJournal, readPending } from '../../src/enforce/linux/journal.js';
import { makeTrustedDirectory, UntrustedDirectoryError } from '../../src/enforce/linux/trusted-directory.js';
import { requireRoot } from '../support/guests/require-qemu.js';

const NOBODY = 65534;
const boot = bootId();

/** What somebody without rights can do to the places where the daemon keeps its files. */
describe('the daemon’s own files', () => {
  let directory: string;
  before(function () {
    requireRoot(this, 'to be several users');
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-files-'));
    chmodSync(directory, 0o755);
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const place = (...names: string[]) => join(directory, ...names);
  const refusal = (path: string, uid = 0): string => {
    try {
      makeTrustedDirectory(path, uid);
    } catch (error) {
      if (error instanceof UntrustedDirectoryError) return error.message;
      throw error;
    }
    return '';
  };

  it('are kept in a directory that is made, with all above it, for root or for the user alone', () => {
    makeTrustedDirectory(place('a', 'b'), 0);
    expect(statSync(place('a', 'b')).mode & 0o777).to.equal(0o755);
    makeTrustedDirectory(place('mine'), NOBODY);
    expect(statSync(place('mine')).mode & 0o777).to.equal(0o700);
  });

  it('are not kept where the directory, or one above it, is another user’s', () => {
    mkdirSync(place('theirs', 'vmc'), { recursive: true });
    chownSync(place('theirs'), NOBODY, NOBODY);
    expect(refusal(place('theirs', 'vmc'))).to.match(
      /theirs belongs to the user with uid 65534.*VMC_RUNTIME_DIR/,
    );
    expect(refusal(place('theirs', 'new'))).to.contain('belongs to');
    expect(existsSync(place('theirs', 'new'))).to.equal(false);
    expect(refusal(place('theirs', 'new'), NOBODY), 'they may').to.equal('');
  });

  it('are not kept where others may write, or exchange a directory above', () => {
    mkdirSync(place('open'));
    for (const mode of [0o777, 0o775, 0o1777]) {
      chmodSync(place('open'), mode);
      expect(refusal(place('open')), mode.toString(8)).to.match(/may be written by others.*chmod go-w/);
    }
    expect(refusal(place('open', 'vmc')), 'as in /tmp').to.equal('');
    chmodSync(place('open'), 0o777);
    expect(refusal(place('open', 'vmc'))).to.contain('open may be written by others');
  });

  it('are not kept where a link of somebody else’s leads, nor is anything made there', () => {
    mkdirSync(place('precious'));
    chmodSync(directory, 0o1777);
    const asNobody = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];
    spawnSync('setpriv', [...asNobody, 'ln', '-s', place('precious'), place('vmc')]);
    expect(refusal(place('vmc', 'state'))).to.contain('belongs to');
    expect(existsSync(place('precious', 'state'))).to.equal(false);
    symlinkSync(place('precious'), place('ours'));
    expect(refusal(place('ours', 'state')), 'a link of root’s').to.equal('');
  });

  it('are no links: a journal that is one is not written through', () => {
    writeFileSync(place('shadow'), 'secret');
    symlinkSync(place('shadow'), place('journal'));
    expect(() => readPending(place('journal'), boot)).to.throw('ELOOP');
    new FileJournal(place('journal'), boot).open();
    expect(lstatSync(place('journal')).isFile(), 'replaced').to.equal(true);
    expect(readFileSync(place('shadow'), 'utf8')).to.equal('secret');
  });

  it('are readable by the owner alone, the journal above all', () => {
    new FileJournal(place('journal'), boot).open();
    expect(statSync(place('journal')).mode & 0o777).to.equal(0o600);
  });

  it('replace no file that is no socket, whatever the configuration says', async () => {
    writeFileSync(place('precious'), 'data');
    const failure = await listenOnSocket(createServer(), place('precious')).catch((error: unknown) => error);
    expect(failure).to.include({ code: 'EEXIST' });
    expect(readFileSync(place('precious'), 'utf8')).to.equal('data');
  });

  describe('of a journal that somebody else could have written', () => {
    const journalOf = (content: string) =>
      `vmc-journal\t1\t${boot}\t1-1\n+\t1\twrite\t${place('target')}\t${content}\n`;
    const release = () =>
      spawnSync('perl', [guardianScript(), 'release', place('journal')], { encoding: 'utf8' });
    beforeEach(() => {
      writeFileSync(place('target'), 'as it was');
      writeFileSync(place('journal'), journalOf('undone'), { mode: 0o600 });
    });
    const target = () => readFileSync(place('target'), 'utf8');

    it('nothing is done if it is another user’s', () => {
      chownSync(place('journal'), NOBODY, NOBODY);
      expect(release()).to.include({ status: 1 });
      expect(target()).to.equal('as it was');
    });

    it('nothing is done if others may write it', () => {
      chmodSync(place('journal'), 0o666);
      const { status, stderr } = release();
      expect(status).to.equal(1);
      expect(stderr).to.contain("is not this user's alone");
      expect(target()).to.equal('as it was');
    });

    it('nothing is done if it is a link to one', () => {
      writeFileSync(place('real'), journalOf('undone'), { mode: 0o600 });
      rmSync(place('journal'));
      symlinkSync(place('real'), place('journal'));
      expect(release()).to.include({ status: 1 });
      expect(target()).to.equal('as it was');
    });

    it('all is done if it is ours', () => {
      expect(release()).to.include({ status: 0 });
      expect(target()).to.equal('undone');
    });
  });
});
