import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOf } from '../../cli/evidence/bundle.ts';
import { bucketOf, evidence, forged, signing, text, trail, zipOf } from '../cli/evidence/story.ts';
import { keysJson } from '../core/digests/chain.ts';
import { inProcess } from './in-process.ts';
import { temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const keys = join(folder, 'keys.json');
writeFileSync(keys, keysJson(signing));

const verify = (bytes: Uint8Array) => {
  const file = join(folder, 'case.zip');
  writeFileSync(file, bytes);
  return inProcess(['evidence', 'verify', file, '--keys', keys]);
};

test('a whole bundle: exit status 0, and for which hours it is complete', async () => {
  const ran = await verify(bundleOf(await evidence()));
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).toContain('is whole, and its records lead to its answer');
  expect(ran.out).toContain('complete: all 1 log files that CloudTrail delivered for account 999999999999');
});

test('verified without its digest is not called whole', async () => {
  const ran = await verify(bundleOf(await evidence({}, { from: bucketOf(trail, { denied: true }) })));
  expect(ran).toMatchObject({ status: 3, err: '' });
  expect(ran.out).toContain('is unchanged, but does not prove all that it states');
  expect(ran.out).toContain('the maker of the bundle was not allowed to read it');
});

test('nor is a page that cannot be checked', async () => {
  const ran = await verify(
    forged(bundleOf(await evidence()), {
      'report.html': text(all => all.replace('jo', 'al')),
      'manifest.json': text(all => all.replace(/"version": "[^"]+"/, '"version": "0.0.1"')),
    }),
  );
  expect(ran.status).toBe(3);
  expect(ran.out).toContain(
    'not shown: whether report.html, written by version 0.0.1, says what report.json says',
  );
});

test('a bundle of an earlier format is refused by its name', async () => {
  const manifest = Buffer.from(
    '{"format":"roletrail-evidence-2","version":"0.1.0","session":"s","files":[]}',
  );
  expect(await verify(zipOf({ 'manifest.json': manifest }))).toMatchObject({
    status: 2,
    out: '',
    err: expect.stringContaining(
      'a bundle of another format: roletrail-evidence-2, not roletrail-evidence-4',
    ),
  });
});
