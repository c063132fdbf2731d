import { expected } from '../building/answers.ts';
import { type Files, jsonFile } from '../building/input.ts';
import { logBytes, logFile } from '../building/log-file.ts';
import { snsEnvelope } from '../building/message.ts';
import { jsmithAssumesRole, listBuckets, roleAssumedByAccount } from './story.ts';

const ids: Record<string, string> = {
  ListBuckets: '099ff820-00f2-4500-94fc-2b9da26d576f',
  AssumeRole: 'e5a09871-dc41-4979-8cd3-e6e0fdf5ebaf',
  OwnersCopy: '5a1f0c55-6f43-4f5e-9d5e-0c1b7e6a2d10',
};

/** What the article's author finds by eye. */
const articleExpected = expected(
  [
    {
      session: 'TestSessionCrossAccount',
      accessKeyId: 'ASIAJJQOJ64OAM7C65AA',
      role: 'arn:aws:iam::999999999999:role/CrossAccountTest',
      status: 'linked',
      chain: [['AssumeRole', 'OwnersCopy']],
      origin: { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/jsmith', accountId: '111111111111' },
      calls: ['ListBuckets'],
    },
  ],
  {
    summary: {
      files: 1,
      records: 3,
      kept: 3,
      dropped: 0,
      rejected: 0,
      duplicates: 0,
      linkedCalls: 1,
      unlinkedCalls: 0,
      quarantined: 0,
    },
    denied: [],
    absent: ['AssumeRole', 'OwnersCopy'],
  },
  name => {
    const id = ids[name];
    if (!id) throw new Error(`the article has no record called ${name}`);
    return id;
  },
);

/** The article's files: the log file first, so that the call comes before its issuance. */
export function article(): Files {
  const trail = logFile(
    '999999999999',
    'us-east-1',
    '2016-04-05T20:45Z',
    [listBuckets, roleAssumedByAccount],
    'AbCdEfGhIjKlMnOp',
  );
  const topic = 'arn:aws:sns:us-east-1:111111111111:roletrail-assume-role';
  const envelope = snsEnvelope('jsmith', topic, jsmithAssumesRole, '2016-04-05T20:41:05Z');
  return new Map([
    [`input/${trail.key}`, logBytes(trail)],
    ['input/messages/development-assume-role.json', jsonFile(envelope)],
    ['expected.json', jsonFile(articleExpected)],
  ]);
}
