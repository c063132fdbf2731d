import { noNames } from '../../../cli/people/people.ts';
import { consoleApp } from '../../../cli/views/console/app.ts';
import { sessionRows } from '../../../cli/views/console/parts/session-rows.ts';
import { answerLines } from '../../../cli/views/terminal/answer.ts';
import { nameParty } from '../../../cli/views/terminal/party.ts';
import { storyOf } from '../../../cli/views/terminal/story.ts';
import { paintFor } from '../../../cli/views/text/paint.ts';
import type { Party } from '../../../core/linking/chain.ts';
import { answer, hop, jsmith } from '../fixtures.ts';
import { ask, shownOf, token } from './console/deployment-fixture.ts';

const plain = paintFor({}, false);
const id = '94482488-3041-7033-8f2e-4c1e9a7b0d11';
const party = (more: Partial<Party>): Party => ({
  ...jsmith,
  arn: null,
  principalId: null,
  userName: null,
  ...more,
});
const enhanced = party({
  type: 'AssumedRole',
  arn: 'arn:aws:sts::333333333333:assumed-role/Dev/i-1',
  accountId: '333333333333',
  onBehalfOf: id,
});

describe('who has no role', () => {
  const root = party({ type: 'Root', arn: 'arn:aws:iam::111111111111:root' });
  const asRoot = { ...hop('x', ['issue-2'], '2025-06-02T10:00:00Z', enhanced), eventName: 'AssumeRoot' };
  const rootHop = { ...asRoot, roleArn: null, mechanism: 'root' as const };
  const byUser = hop('RootTasks', ['issue-1'], '2025-06-02T09:50:00Z');
  const session = answer({
    arn: root.arn,
    roleArn: null,
    sessionName: null,
    chain: [rootHop, byUser],
  });

  test('is root of the account where AssumeRoot handed it out', () => {
    const lines = storyOf({ answer: session, calls: [], strays: [] }, plain);
    expect(lines[0]).toBe(
      '  ● jsmith (user, account 111111111111) → RootTasks → root of account 111111111111',
    );
    expect(lines[3]).toContain('AssumeRoot root of account 111111111111');
    expect(answerLines(session, plain).join('\n')).toContain(
      'called AssumeRoot for root of account 111111111111',
    );
    expect(`${sessionRows([session], noNames)}`).toContain('RootTasks → root of account 111111111111');
  });

  test('also on the way, and where no chain is known', () => {
    const onward = answer({ chain: [hop('Next', ['issue-3'], '2025-06-02T10:05:00Z', root), rootHop] });
    expect(storyOf({ answer: onward, calls: [], strays: [] }, plain)[0]).toContain(
      '→ root of account 111111111111 → Next (account 999999999999)',
    );
    const alone = {
      ...session,
      status: 'unlinked' as const,
      reason: 'none was seen',
      chain: [],
      origin: null,
      kind: null,
    };
    expect(storyOf({ answer: alone, calls: [], strays: [] }, plain)[0]).toBe(
      '  ○ nobody known → root of account 111111111111',
    );
  });

  test('is said to have none otherwise', () => {
    const other = answer({ arn: 'arn:aws:iam::111111111111:user/jsmith', roleArn: null, chain: [] });
    expect(storyOf({ answer: other, calls: [], strays: [] }, plain)[0]).toContain(
      '→ a session without a role',
    );
  });

  test("a service's own session is the service, whatever else its record has", () => {
    const service = party({
      type: 'AWSService',
      invokedBy: 'lambda.amazonaws.com',
      principalId: 'AROAX:awslambda_744_1',
    });
    const named = { name: 'lambda.amazonaws.com', what: 'AWS service, account 111111111111' };
    expect(nameParty(service)).toEqual(named);
    expect(nameParty({ ...service, userName: 'awslambda_744_1' })).toEqual(named);
  });
});

describe('a chain is said to stay open', () => {
  const reason = "signed in at the console, which logs no issuance of the session's keys";

  test('only of a linked session; another says why it is what it is', async () => {
    const delivered = answer({ status: 'delivered', reason });
    expect(answerLines(delivered, plain)).toContain(`    named by the record: ${reason}`);
    expect(storyOf({ answer: delivered, calls: [], strays: [] }, plain)).toContain(
      `    named by the record: ${reason}`,
    );
    const linked = answer({ reason: 'no issuance of ASIAX was seen' });
    expect(answerLines(linked, plain)).toContain('    the chain stays open: no issuance of ASIAX was seen');
    expect(storyOf({ answer: linked, calls: [], strays: [] }, plain)).toContain(
      '    open: no issuance of ASIAX was seen',
    );
    const page = async (shown: typeof linked) =>
      (await ask(consoleApp(shownOf({ answers: [shown] }), token), '/session?id=ASIAONE.00000000')).text();
    expect(await page(linked)).toContain('The chain stays open: no issuance');
    expect(await page(delivered)).toContain('Named by the record: signed in at the console');
  });
});
