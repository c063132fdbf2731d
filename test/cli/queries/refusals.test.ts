import { explained } from '../../../cli/queries/refusals.ts';
import { deniedLines } from '../../../cli/views/terminal/story.ts';
import { paintFor } from '../../../cli/views/text/paint.ts';
import type { RefusedAttempt } from '../../../core/linking/refused.ts';
import { page } from '../views/console/deployment-fixture.ts';
import { memoryStore } from './memory-store.ts';

const attempt = (eventID: string): RefusedAttempt => ({
  eventID,
  recipientAccountId: '999999999999',
  provenance: 'trail',
  eventTime: '2025-03-11T09:00:00Z',
  eventName: 'AssumeRole',
  role: 'arn:aws:iam::999999999999:role/Vault',
  caller: 'arn:aws:iam::111111111111:user/eve',
  account: '111111111111',
  credential: null,
  errorCode: 'AccessDenied',
  sourceIPAddress: null,
});
const record = (eventID: string, errorMessage: string) => ({
  ...{ eventID, recipientAccountId: '999999999999', digest: 'd', source: 's3://b/k', execution: 'x' },
  provenance: 'trail' as const,
  record: JSON.stringify({ eventID, errorCode: 'AccessDenied', errorMessage }),
});
const message =
  'User: arn:aws:iam::111111111111:user/eve is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::999999999999:role/Vault because no role trust policy allows the sts:AssumeRole action';
const attempts = [attempt('e-1'), attempt('gone')];
const held = { refused: attempts, evidence: [record('e-1', message)] };

test('a refused attempt says which policy refused it, as its record tells; one without a record is listed all the same', async () => {
  const found = await explained(attempts, memoryStore(held));
  expect(found.map(each => [each.eventID, each.denial?.policy, each.message])).toEqual([
    ['e-1', 'role trust policy', message],
    ['gone', null, null],
  ]);
  const [first, second] = deniedLines(found, paintFor({}, false));
  expect(first).toContain('Vault (no role trust policy allows it) e-1');
  expect(second).toContain('Vault (AccessDenied: the message names no policy) gone');
});

test('so does the console', async () => {
  expect(await page(held, '/refused')).toContain('no role trust policy allows it');
});
