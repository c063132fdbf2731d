import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { trails } from '../core/resources/real-sets.ts';
import { inProcess } from './in-process.ts';
import { temporaryFolder } from './roletrail.ts';
import { linksAgainstTruth } from './truth.ts';

/** Real trails lie beside the project, not in it. Where they are absent the tests are skipped, and the run says so. */
const describeWithTrails = existsSync(trails) ? describe : describe.skip;

describeWithTrails('real trails (../shared/trails)', () => {
  const folder = temporaryFolder();

  test.each([
    ['invictus-aws-dataset', '70 of 70 links right, 0 faults'],
    ['stratus-red-team', '48 of 48 links right, 0 faults'],
  ])('%s: every link agrees with the truth', async (name, verdict) => {
    const [raw, out, state] = [join(trails, name, 'raw'), join(folder, name), join(folder, `${name}.sqlite`)];
    const ran = await inProcess(['trace', raw, '--roles', '*', '--state', state, '--out', out]);
    expect(ran).toMatchObject({ status: 0 });
    expect(await linksAgainstTruth(name, out)).toMatchObject({
      status: 0,
      out: expect.stringContaining(verdict),
    });
  });

  test('oddities never crash, and every file that is not read is counted by its kind', async () => {
    const oddities = join(trails, 'oddities');
    const ran = await inProcess([
      'replay',
      oddities,
      '--roles',
      '*',
      '--state',
      join(folder, 'oddities-state'),
    ]);
    expect(ran.status).toBe(3);
    const files = readdirSync(oddities, { recursive: true, withFileTypes: true }).filter(entry =>
      entry.isFile(),
    );
    const [, read] = /(\d+) log files,/.exec(ran.out) ?? [];
    const left = [...ran.out.matchAll(/not read: (\d+) /g)].map(([, count]) => Number(count));
    expect(left.length).toBeGreaterThan(1);
    expect(Number(read) + left.reduce((sum, count) => sum + count)).toBe(files.length);
    for (const file of ['LICENSE.upstream', 'digest0.json.gz', 'digest1.json.gz'])
      expect(ran.out).toContain(file);
  });
});
