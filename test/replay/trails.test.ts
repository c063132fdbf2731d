import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProcess } from './in-process.ts';
import { project, run, temporaryFolder } from './roletrail.ts';

const shared = join(project, '..', 'shared');

/**
 * Real trails lie beside the project, not in it. Where they are absent the tests are skipped, and jest's summary counts
 * and names them.
 */
const describeWithTrails = existsSync(join(shared, 'trails')) ? describe : describe.skip;

describeWithTrails('real trails (../shared/trails)', () => {
  const folder = temporaryFolder();

  test.each([
    ['invictus-aws-dataset', '70 of 70 links right, 0 faults'],
    ['stratus-red-team', '48 of 48 links right, 0 faults'],
  ])('%s: every link agrees with the truth', async (name, verdict) => {
    const out = join(folder, name);
    const raw = join(shared, 'trails', name, 'raw');
    const ran = await inProcess([
      'replay',
      raw,
      '--roles',
      '*',
      '--state',
      join(folder, `${name}-state`),
      '--out',
      out,
    ]);
    expect(ran).toMatchObject({ status: 0 });
    const compared = await run([
      join(shared, 'tools', 'compare-links.mjs'),
      out,
      join(shared, 'trails', name, 'truth.json'),
    ]);
    expect(compared.out).toContain(verdict);
    expect(compared.status).toBe(0);
  });

  test('oddities never crash, and every file that is not read is named', async () => {
    const oddities = join(shared, 'trails', 'oddities');
    const ran = await inProcess([
      'replay',
      oddities,
      '--roles',
      '*',
      '--state',
      join(folder, 'oddities-state'),
    ]);
    expect(ran.status).toBe(3);
    const unread = readdirSync(oddities, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && !/\.json(\.gz)?$/.test(entry.name))
      .map(entry => join(entry.parentPath, entry.name));
    for (const file of [...unread, 'digest0.json.gz', 'digest1.json.gz']) expect(ran.out).toContain(file);
  });
});
