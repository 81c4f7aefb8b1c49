import { expect } from 'chai';
import { simulate } from '../../src/simulate/simulate.js';
import { renderTimeline } from '../../src/simulate/svg/render-timeline.js';
import { parseInstant } from '../../src/simulate/trace/parse-instant.js';
import { syntheticTrace } from '../../src/simulate/trace/synthetic-trace.js';
import { planOf } from '../compiler/support.js';

const ZONE = 'Europe/Berlin';
const START = parseInstant('2026-11-23', ZONE) ?? 0;
const PLAN = planOf(`
  vm "a <b> & \\"c\\"" { match name "a" and user "u" vcpus 2 }
  group batch up to 4 vms { match user "grid" vcpus 1 }
  guarantee batch 1 core
  when owner.demand > 50% for 30s { limit batch to 1 core }`);

function drawn(minutes: number) {
  const trace = syntheticTrace({ startMs: START, stepMs: 60_000, length: minutes, zone: ZONE, seed: 1 });
  const { report, timeline } = simulate(PLAN, trace, { startMs: START });
  return { report, timeline, svg: renderTimeline(timeline, report, ZONE) };
}

describe('the timeline', () => {
  it('has in its parts what the report has in all', () => {
    for (const minutes of [7, 1440, 9000]) {
      const { report, timeline } = drawn(minutes);
      const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / timeline.bins;
      expect(timeline.bins).to.equal(Math.min(960, minutes));
      expect(mean(timeline.ownerWanted)).to.be.closeTo(report.owner.wantedCores, 1e-6);
      expect(mean(timeline.ownerDelivered)).to.be.closeTo(report.owner.deliveredCores, 1e-6);
      for (const { mode, share } of report.modes) {
        expect(mean(timeline.modes.get(mode) ?? new Float64Array())).to.be.closeTo(share, 1e-6);
      }
      for (const one of report.classes) {
        const series = timeline.classes.find(({ name }) => name === one.class);
        expect(mean(series?.delivered ?? new Float64Array())).to.be.closeTo(one.deliveredCores, 1e-6);
      }
    }
  });

  it('is drawn as well-formed XML, whatever classes are called', () => {
    const { svg } = drawn(1440);
    const open: string[] = [];
    for (const [, closing, name, empty] of svg.matchAll(/<(\/?)(\w+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
      if (closing) expect(open.pop()).to.equal(name);
      else if (!empty) open.push(name ?? '');
    }
    expect(open).to.deep.equal([]);
    expect(svg.replace(/<\/?\w+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '')).to.not.match(
      /[<>]|&(?!amp;|lt;|gt;|quot;)/,
    );
    expect(svg).to.contain('a &lt;b&gt; &amp;');
  });

  it('has a legend with every mode and its part of the time', () => {
    const { svg, report } = drawn(1440);
    expect(report.modes).to.have.lengthOf(2);
    for (const { share } of report.modes) expect(svg).to.contain(`${(100 * share).toFixed(1)}%`);
  });
});
