import { expect } from 'chai';
import { EventLog } from '../../src/enforce/event-log.js';
import { updateFindings } from '../../src/enforce/findings.js';
import { pathKey, samePath } from '../../src/enforce/group-path.js';

describe('EventLog', () => {
  it('numbers events without gaps and keeps the last ones', () => {
    const log = new EventLog(3);
    for (let at = 1; at <= 5; at++) log.append({ kind: 'finding', message: `number ${at}` }, at);
    expect(log.since().map(({ sequence }) => sequence)).to.deep.equal([3, 4, 5]);
    expect(log.since(4).map(({ message }) => message)).to.deep.equal(['number 5']);
  });

  it('tells its readers, until they leave, and survives one that throws', () => {
    const log = new EventLog();
    const heard: number[] = [];
    log.subscribe(() => {
      throw new Error('a reader’s own mistake');
    });
    const leave = log.subscribe(({ sequence }) => heard.push(sequence));
    log.append({ kind: 'started', message: '' }, 0);
    leave();
    log.append({ kind: 'stopped', message: '' }, 0);
    expect(heard).to.deep.equal([1]);
  });
});

describe('Findings', () => {
  const draft = (code: string) => ({
    code,
    severity: 'warning' as const,
    subject: null,
    message: code,
    fallback: null,
  });

  it('last as long as their cause, and remember since when', () => {
    const first = updateFindings([], [draft('a'), draft('a'), draft('b')], 1);
    expect(first.appeared.map(({ code }) => code)).to.deep.equal(['a', 'b']);
    const second = updateFindings(first.current, [draft('b'), draft('c')], 2);
    expect(second.current.map(({ code, sinceMs }) => `${code} ${sinceMs}`)).to.deep.equal(['b 1', 'c 2']);
    expect([second.appeared, second.gone].map((all) => all.map(({ code }) => code))).to.deep.equal([
      ['c'],
      ['a'],
    ]);
  });
});

describe('Paths of groups', () => {
  it('are different for different names, whatever owners call their classes', () => {
    expect(samePath(['a/b'], ['a', 'b'])).to.equal(false);
    expect(pathKey(['a/b'])).not.to.equal(pathKey(['a%2Fb']));
    expect(samePath([], [])).to.equal(true);
    expect(samePath(null, [])).to.equal(false);
  });
});
