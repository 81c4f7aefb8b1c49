import { readFileSync } from 'node:fs';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { BacktestSchema } from '../../src/api/backtest-schema.js';
import { SeededRandom } from '../rps/support/random.js';
import { scratchDirectory } from './scratch.js';
import { documentOf, vmc } from './vmc.js';

describe('vmc backtest', () => {
  const { path, write } = scratchDirectory();
  const load = [...new SeededRandom(3).autoregression([0.8], 300, 50)].join('\n');

  it('scores the default and the models that are named, and says of a constant series that it is one', async () => {
    const files = [write('load.csv', `value\n${load}\n`), write('still.csv', '7\n'.repeat(300))];
    const args = ['backtest', ...files, '--model', 'LAST', '--model', 'AR(4)'];
    const json = await vmc([...args, '--format', 'json']);
    expect(json).to.include({ exitCode: 0, stderr: '' });
    expect([...Value.Errors(BacktestSchema, documentOf(json))]).to.deep.equal([]);
    const { rows } = documentOf(json) as { rows: { series: string; model: string; h: number; n: number }[] };
    expect(rows).to.have.length(2 * 3 * 4);
    expect(rows[0]).to.include({ series: path('load'), model: 'default', h: 1, n: 4 });
    expect(rows.at(-1)).to.include({ series: path('still'), model: 'AR(4)', h: 30, n: 0, mse: null });
    const text = await vmc(args);
    expect(text.stdout)
      .to.match(/AR\(4\) +30 +4 /)
      .and.match(/still: as good as constant/);
  });

  it('draws the forecast that is asked for, with both intervals and what came', async () => {
    const [file, svg] = [write('load.csv', load), path('fan.svg')];
    expect(await vmc(['backtest', file, '--svg', svg, '--at', '240'])).to.include({ exitCode: 0 });
    const picture = readFileSync(svg, 'utf8');
    expect(picture)
      .to.match(/^<svg [^>]*viewBox="0 0 860 420"/)
      .and.contain('forecast after 240 samples');
    // Each band: from the last sample 30 points along its upper limit, and 30 back along the lower.
    for (const band of ['wide', 'narrow']) {
      const outline = new RegExp(`<path class="${band}" d="(M[^"]*)Z"`).exec(picture)?.[1];
      expect(outline?.match(/L/g)).to.have.length(60);
    }
    expect(picture.match(/<circle class="dot" cx/g)).to.have.length(31);
    await vmc(['backtest', file, '--svg', svg]);
    expect(readFileSync(svg, 'utf8')).to.contain('forecast after 270 samples');
    await vmc(['backtest', file, '--svg', svg, '--at', '295']);
    expect(readFileSync(svg, 'utf8').match(/<circle class="dot" cx/g)).to.have.length(6);
  });

  it('ends with 3 for a picture that cannot be drawn', async () => {
    const file = write('load.csv', load);
    const early = await vmc(['backtest', file, '--svg', path('fan.svg'), '--at', '100']);
    expect(early).to.include({ exitCode: 3 });
    expect(early.stderr).to.contain('a forecast is made at 192 to 300, not at 100');
    expect(await vmc(['backtest', file, file, '--svg', path('fan.svg')])).to.include({ exitCode: 3 });
    expect(await vmc(['backtest', file, '--at', '200'])).to.include({ exitCode: 3 });
  });

  const mistakes: readonly (readonly [what: string, content: string, code: RegExp])[] = [
    ['too short', '1\n2\n3\n', /it has 3 samples, and 222 are needed/],
    ['not a number somewhere', `value\n${load}\nNaN\n`, /:302: 'NaN' is no number/],
    ['of several columns', 'time,value\n1,2\n', /:2: a series has one column/],
  ];
  for (const [what, content, complaint] of mistakes) {
    it(`ends with 4 for a trace that is ${what}`, async () => {
      const { exitCode, stdout, stderr } = await vmc(['backtest', write('bad.csv', content)]);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 4, stdout: '' });
      expect(stderr).to.match(complaint);
    });
  }

  it('ends with 4 for a file that is not there, with 3 for a model that is none or needs more samples', async () => {
    expect(await vmc(['backtest', path('nowhere.csv')])).to.include({ exitCode: 4 });
    const file = write('load.csv', load);
    const unknown = await vmc(['backtest', file, '--model', 'GUESS']);
    expect(unknown).to.include({ exitCode: 3 });
    expect(unknown.stderr).to.match(/there is no model 'GUESS'[\s\S]*WEIGHTED/);
    const large = await vmc(['backtest', file, '--model', 'AR(100)']);
    expect(large).to.include({ exitCode: 3 });
    expect(large.stderr).to.match(/--model AR\(100\): AR\(100\) needs a window of at least 404 samples/);
  });
});
