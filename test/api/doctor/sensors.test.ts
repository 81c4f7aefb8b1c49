import { expect } from 'chai';
import { sensors } from '../../../src/api/doctor/sensors.js';
import { SIGNALS } from '../../../src/lang/signals.js';

describe('sensors, as the doctor sees them', () => {
  const checksFor = (found: readonly string[], uid = 0) =>
    new Map(sensors({ sensors: found }, { uid, user: 'alice' }).map((check) => [check.name, check]));

  it('are in order where the host has all', () => {
    for (const check of checksFor([...SIGNALS.keys()]).values())
      expect(check).to.include({ ok: true, fix: null });
  });

  it('each have a reason of their own where the host lacks them', () => {
    for (const [name, { ok, detail }] of checksFor([])) {
      expect(ok, name).to.equal(false);
      if (
        ![
          'host.cpu',
          'host.load',
          'host.memory.available',
          'guests.cpu',
          'owner.cpu',
          'host.on-battery',
        ].includes(name)
      ) {
        expect(detail, name).to.not.contain('this kernel does not tell');
      }
    }
  });

  it('say to a user how to be let see the keyboard, and to root that there is none', () => {
    expect(checksFor([], 1000).get('user.idle')?.fix).to.equal('sudo adduser alice input');
    expect(checksFor([]).get('user.active')?.fix).to.equal(null);
  });
});
