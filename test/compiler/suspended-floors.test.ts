import { expect } from 'chai';
import { CLASSES, compileText, planOf, settingOf } from './support.js';

const codesOf = (text: string) =>
  compileText(CLASSES + text).diagnostics.map(({ code, severity }) => `${severity} ${code}`);

describe('a guarantee to guests that are paused', () => {
  it('is suspended by a pause under a condition of its own, with a warning that names the mode', () => {
    const text = `${CLASSES}switch night\nguarantee build 1 core\nwhen night { pause lent }`;
    const { plan, diagnostics } = compileText(text);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['VMC3013']);
    expect(diagnostics[0]?.message).to.include('"night"');
    expect(diagnostics[0]?.related.map(({ range }) => range.start.line)).to.have.lengthOf(1);
    const floors = plan?.schedules.map(
      (schedule) => settingOf(schedule, 'build', 'share')?.floorCores ?? null,
    );
    expect(floors).to.have.members([1, null]);
  });

  it('contradicts a pause without a condition of its own', () => {
    expect(codesOf('guarantee build 1 core\npause build')).to.deep.equal(['error VMC3005']);
    expect(codesOf('switch night\nwhen night { guarantee build 1 core pause build }')).to.deep.equal([
      'error VMC3005',
    ]);
  });

  it('is suspended by a stop as well', () => {
    expect(codesOf('switch night\nguarantee build 1 core\nwhen night { stop build within 1min }')).to.include(
      'warning VMC3013',
    );
  });

  it('holds for a union as far as its other classes can use it', () => {
    const plan = planOf(`${CLASSES}switch night\nguarantee lent 5 cores\nwhen night { pause build }`);
    const floors = plan.schedules.map((schedule) => settingOf(schedule, 'lent', 'share')?.floorCores);
    expect(floors).to.have.members([5, 4]);
  });

  it('stays an error of limits, duty cycles and of reservations that are paused', () => {
    expect(
      codesOf('switch night\nguarantee build 1 core\nwhen night { limit build to 0.5 cores }'),
    ).to.include('error VMC3005');
    expect(codesOf('switch night\nreserve video 4ms every 20ms\nwhen night { pause video }')).to.include(
      'error VMC3004',
    );
  });

  it('fails an assertion in the mode that suspends it', () => {
    expect(
      codesOf(
        'switch night\nguarantee build 1 core\nwhen night { pause build }\nassert build at least 1 core',
      ),
    ).to.include('error VMC3020');
  });
});
