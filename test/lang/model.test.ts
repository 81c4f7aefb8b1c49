import { expect } from 'chai';
import type { Condition } from '../../src/lang/index.js';
import { rational } from '../../src/support/rational.js';
import { modelOf, sourceOf } from './support.js';

const CLASSES = `vm video { match name "video" and user "alice" vcpus 2 }
group batch up to 6 vms { match user grid vcpus 1 }
vm "my vm" { match unit "my-*.service" vcpus 1 }
`;
const MS = 1_000_000n;

/** The condition of a `let` named x, with the names in it replaced. */
const conditionOf = (text: string): Condition | undefined =>
  modelOf(`${CLASSES}switch gaming\nlet x = ${text}`).conditions.find(({ name }) => name === 'x')?.condition;

const calendarOf = (text: string) => {
  const condition = conditionOf(text);
  return condition?.kind === 'calendar' ? condition.calendar : null;
};

const amountOf = (text: string) => {
  const [sentence] = modelOf(`${CLASSES}limit video to ${text}`).sentences;
  return sentence?.kind === 'limit' ? sentence.amounts.cpu : null;
};

describe('the model of the host and its classes', () => {
  it('has what the policy says of the host, and null for what it leaves out', () => {
    const { host } = modelOf(
      'host { cores 8 memory 1.5 GiB timezone "Europe/Berlin" mechanisms share, duty }\nswitch a',
    );
    expect(host).to.include({ cores: 8, memoryBytes: 1_610_612_736n, timezone: 'Europe/Berlin' });
    expect(host.mechanisms).to.deep.equal(['share', 'duty']);
    expect(modelOf('switch a').host).to.deep.equal({
      cores: null,
      memoryBytes: null,
      timezone: null,
      mechanisms: null,
      place: null,
    });
  });

  it('has classes in the order of the file, with their alternatives and the default overhead', () => {
    const { classes } = modelOf(
      'group b up to 3 vms { match name "b-*" and user x match cgroup "/b" vcpus 2 overhead 1ms every 5ms }\nvm a { match user y vcpus 1 }',
    );
    expect(classes.map(({ name, kind, maxGuests, vcpus }) => [name, kind, maxGuests, vcpus])).to.deep.equal([
      ['b', 'group', 3, 2],
      ['a', 'vm', 1, 1],
    ]);
    expect(classes[0]?.matchers).to.deep.equal([
      [
        { attribute: 'name', pattern: 'b-*' },
        { attribute: 'user', pattern: 'x' },
      ],
      [{ attribute: 'cgroup', pattern: '/b' }],
    ]);
    expect(classes.map(({ overhead }) => [overhead.budgetNs, overhead.periodNs])).to.deep.equal([
      [MS, 5n * MS],
      [MS / 2n, 10n * MS],
    ]);
  });

  it('tells the class `"guests"` from all guests', () => {
    const { sentences } = modelOf('vm "guests" { match user x vcpus 1 }\npause "guests"\npause guests');
    expect(sentences.map((sentence) => sentence.kind === 'pause' && sentence.subject)).to.deep.equal([
      { kind: 'class', name: 'guests' },
      { kind: 'guests' },
    ]);
  });

  it('takes every word that is not reserved for a name', () => {
    const words =
      'to every among of cores core s ms cpu match vcpus up day disk duty limits mon-friday a- B'.split(' ');
    const text = words
      .map((word) => `vm ${word} { match user ${word} vcpus 1 }\npause ${word} by duty`)
      .join('\n');
    expect(modelOf(text).classes.map(({ name }) => name)).to.deep.equal(words);
  });
});

describe('the model of amounts', () => {
  it('is exact', () => {
    expect(amountOf('0.1 cores')).to.deep.equal({ kind: 'cores', cores: rational(1n, 10n) });
    expect(amountOf('30% of a core')).to.deep.equal({ kind: 'cores', cores: rational(3n, 10n) });
    expect(amountOf('33.3% of cpu')).to.deep.equal({
      kind: 'host-fraction',
      fraction: rational(333n, 1000n),
    });
  });

  it('has times in whole nanoseconds, whatever their unit', () => {
    const { sentences } = modelOf(`${CLASSES}reserve video 1.024us every 0.1ms\nrun batch 0.5 s every 1min`);
    expect(sentences[0]).to.deep.include({ form: { kind: 'every', budgetNs: 1024n, periodNs: 100_000n } });
    expect(sentences[1]).to.include({ runNs: 500n * MS, periodNs: 60_000n * MS });
  });

  it('has proportions that are no whole numbers', () => {
    const [sentence] = modelOf(`${CLASSES}share cpu among owner 2.5, guests 1`).sentences;
    expect(sentence?.kind === 'share' && sentence.parts).to.deep.equal([
      { subject: { kind: 'owner' }, proportion: rational(5n, 2n) },
      { subject: { kind: 'guests' }, proportion: rational(1n) },
    ]);
  });
});

describe('the model of conditions', () => {
  it('binds `not` tighter than `and`, `and` tighter than `or`, and `assuming` loosest', () => {
    const shape = (condition: Condition | undefined): string => {
      switch (condition?.kind) {
        case 'and':
        case 'or':
          return `(${shape(condition.left)} ${condition.kind} ${shape(condition.right)})`;
        case 'not':
          return `not ${shape(condition.operand)}`;
        case 'assuming':
          return `${shape(condition.operand)}?${condition.value}`;
        case 'signal':
          return condition.signal;
        case 'switch':
          return condition.name;
        default:
          return condition?.kind ?? 'nothing';
      }
    };
    expect(shape(conditionOf('gaming or not user.active and host.on-battery assuming false'))).to.equal(
      '(gaming or (not user.active and host.on-battery))?false',
    );
    expect(shape(conditionOf('(gaming or user.active) and not (gaming and gaming)'))).to.equal(
      '((gaming or user.active) and not (gaming and gaming))',
    );
  });

  it('has hysteresis: what starts it, what ends it, and how long each has to hold', () => {
    expect(conditionOf('owner.demand > 60% for 30s until <= 2 cores for 1min')).to.deep.equal({
      kind: 'comparison',
      subject: { kind: 'signal', signal: 'owner.demand' },
      start: {
        operator: '>',
        quantity: { kind: 'host-fraction', fraction: rational(3n, 5n) },
        forNs: 30_000n * MS,
      },
      until: { operator: '<=', quantity: { kind: 'cores', cores: rational(2n) }, forNs: 60_000n * MS },
    });
  });

  it('has forecasts with their horizon, side and level', () => {
    const subject = (text: string) => {
      const condition = conditionOf(`${text} > 70%`);
      return condition?.kind === 'comparison' ? condition.subject : null;
    };
    const forecast = {
      kind: 'forecast',
      signal: 'owner.demand',
      overNs: 10_000n * MS,
      level: rational(19n, 20n),
    };
    expect(subject('forecast(owner.demand over 10s at 95%)')).to.deep.equal({ ...forecast, side: 'upper' });
    expect(subject('forecast(owner.demand over 10s at lower 95%)')).to.deep.equal({
      ...forecast,
      side: 'lower',
    });
  });

  it('writes signals canonically: quotes only where a name needs them', () => {
    const signal = (text: string) => {
      const condition = conditionOf(text);
      return condition?.kind === 'signal' ? condition.signal : null;
    };
    expect(signal('"video".running')).to.equal('video.running');
    expect(signal('"my vm".running')).to.equal('"my vm".running');
  });

  it('compares each signal in its own unit', () => {
    const quantity = (text: string) => {
      const condition = conditionOf(text);
      return condition?.kind === 'comparison' ? condition.start.quantity : null;
    };
    expect(quantity('host.load > 4.5')).to.deep.equal({ kind: 'number', value: rational(9n, 2n) });
    expect(quantity('host.battery < 20%')).to.deep.equal({ kind: 'percent', percent: rational(20n) });
    expect(quantity('host.memory.available < 4 GiB')).to.deep.equal({
      kind: 'size',
      bytes: rational(2n ** 32n),
    });
    expect(quantity('host.memory.available < 10% of memory')).to.deep.equal({
      kind: 'memory-fraction',
      fraction: rational(1n, 10n),
    });
    expect(quantity('host.network.in > 8 Mbit/s')).to.deep.equal({
      kind: 'rate',
      bytesPerSecond: rational(1_000_000n),
    });
    expect(quantity('host.temperature > 80 C')).to.deep.equal({
      kind: 'temperature',
      celsius: rational(80n),
    });
    expect(quantity('user.idle > 10min')).to.deep.equal({ kind: 'time', ns: 600_000n * MS });
  });

  it('names the `let` that it replaces', () => {
    const { conditions } = modelOf('let y = x\nlet x = daily');
    expect(conditions[0]?.condition).to.deep.include({ kind: 'named', name: 'x' });
  });
});

describe('the model of calendars', () => {
  it('has the days of a list in the order of the week, ranges over its end included', () => {
    expect(calendarOf('fri-mon, wed')).to.deep.equal({
      kind: 'days',
      weekdays: ['mon', 'wed', 'fri', 'sat', 'sun'],
      windows: [],
    });
    expect(calendarOf('weekends')).to.deep.include({ weekdays: ['sat', 'sun'] });
  });

  it('has windows in minutes, past midnight and up to 24:00', () => {
    expect(calendarOf('daily 22:00-06:00, 12:30-24:00')).to.deep.include({
      windows: [
        { startMinute: 1320, endMinute: 360 },
        { startMinute: 750, endMinute: 1440 },
      ],
    });
  });

  it('has dates and ranges of dates', () => {
    expect(calendarOf('2026-12-24..2027-01-01, 2028-02-29 09:00-12:00')).to.deep.equal({
      kind: 'dates',
      ranges: [
        { first: '2026-12-24', last: '2027-01-01' },
        { first: '2028-02-29', last: '2028-02-29' },
      ],
      windows: [{ startMinute: 540, endMinute: 720 }],
    });
  });

  it('takes exceptions away one after the other, by name too', () => {
    const { conditions } = modelOf(
      'let holidays = 2026-12-24\nlet x = (weekdays) except holidays except mon',
    );
    expect(conditions[1]?.condition).to.deep.nested.include({
      kind: 'calendar',
      'calendar.kind': 'except',
      'calendar.base.kind': 'except',
      'calendar.base.removed.kind': 'dates',
      'calendar.removed.weekdays': ['mon'],
    });
  });
});

describe('the model of guards', () => {
  const guardsOf = (text: string) =>
    modelOf(`${CLASSES}switch a\nswitch b\n${text}`).sentences.map(({ guards }) =>
      guards.map(
        ({ condition, expected }) => `${condition.kind === 'switch' ? condition.name : '?'}=${expected}`,
      ),
    );

  it('is the conjunction of the conditions around a sentence', () => {
    expect(guardsOf('pause video\nwhen a { pause video when b { pause batch } }')).to.deep.equal([
      [],
      ['a=true'],
      ['a=true', 'b=true'],
    ]);
  });

  it('has the negation of all earlier arms under `otherwise`', () => {
    expect(
      guardsOf('when a { pause video } otherwise when b { pause batch } otherwise { pause others }'),
    ).to.deep.equal([['a=true'], ['a=false', 'b=true'], ['a=false', 'b=false']]);
  });

  it('has one place for the two arms of a `when`', () => {
    const { sentences } = modelOf(`${CLASSES}switch a\nwhen a { pause video } otherwise { pause batch }`);
    expect(sentences[0]?.guards[0]?.place).to.deep.equal(sentences[1]?.guards[0]?.place);
  });
});

describe('the model of sentences', () => {
  it('has their number, mechanism, and text without comments and extra white space', () => {
    const text = `${CLASSES}pause video\nlimit   each batch # not all\n  to 1 core by quota`;
    const sentence = modelOf(text).sentences[1];
    expect(sentence).to.include({ index: 1, by: 'quota', text: 'limit each batch to 1 core by quota' });
    expect(sentence?.place.file).to.equal(sourceOf('').file);
    expect(sentence?.place.range.start).to.deep.equal({ line: 5, column: 1, offset: text.indexOf('limit') });
    expect(sentence?.place.range.end).to.deep.equal({ line: 6, column: 21, offset: text.length });
  });
});
