import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { trails } from '../core/resources/real-sets.ts';
import { inProcess } from './in-process.ts';
import { namedAfterRecords } from './named-after-records.ts';
import { temporaryFolder } from './roletrail.ts';
import { linksAgainstTruth } from './truth.ts';

const describeWithTrails = existsSync(trails) ? describe : describe.skip;

/** Each alert of a set, and why a person must look at it. All others would be needless. */
const justified: Record<string, Record<string, string>> = {
  'invictus-aws-dataset/raw': {
    'arn:aws:iam::123837392027:user/benjamin@2023-07-10T11:42:31Z':
      'a user’s session at the console, whose sign-in is not in logs that cover it, and one of whose calls lacks the mark of the console',
    'arn:aws:iam::123837392027:user/bert-jan@2023-07-10T12:13:16Z':
      'a user’s session at the console, whose sign-in is not in logs that cover it, and eight of whose calls lack the mark of the console',
  },
  'stratus-red-team/raw': {},
  'oddities/aws-docs': {},
  'oddities/traildiscover': {},
  // Records written by hand to test detection rules: they show a creation date that other such records cover, and no issuance.
  'oddities/panther-analysis': {
    'SAMPLE_ACCESS_KEY.3eca6001.65b993d7': 'its key was issued to it a month before its creation date',
    'ASIA-MOCKACCESSKEYID-1.a1470caf.7d97a017': 'nobody issued it',
    'AAAASSSST64ZTHFY7777.f7c1f329': 'nobody issued it',
    'ASIAWDWBPTM3RJH7XXXX.b62a8d96': 'nobody issued it, and two roles show its key',
    'ASIAWDWBPTM3RJH7XXXX.09278dd6': 'nobody issued it, and two roles show its key',
  },
};

describeWithTrails(
  'alerts of real trails (../shared/trails), their files named as CloudTrail names them',
  () => {
    const folder = temporaryFolder();

    test.each(Object.entries(justified))(
      '%s: those that are justified; every link that has a truth is right',
      async (name, alerts) => {
        const [input, state, report] = ['input', 'state', 'report'].map(each => join(folder, name, each)) as [
          string,
          string,
          string,
        ];
        namedAfterRecords(join(trails, name), input);
        const ran = await inProcess(['replay', input, '--roles', '*', '--state', state, '--out', report]);
        expect(ran.out).toMatch(/[1-9]\d* records: [1-9]\d* kept/);
        const { out } = await inProcess(['sessions', '--alerted', '--json', '--state', state]);
        const alerted = (JSON.parse(out) as { session: string }[]).map(({ session }) => session);
        expect(alerted.sort()).toEqual(Object.keys(alerts).sort());
        const compared = await linksAgainstTruth(name.split('/')[0] ?? '', report);
        if (compared)
          expect(compared).toMatchObject({
            status: 0,
            out: expect.stringMatching(/(\d+) of \1 links right, 0 faults/),
          });
      },
    );
  },
);
