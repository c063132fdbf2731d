import type { Call } from '../../../cli/queries/seen-session.ts';
import { FunctionErrors } from '../../../cli/replay/function-errors.ts';
import { refusedLines } from '../../../cli/replay/refused-lines.ts';
import type { Replayed } from '../../../cli/replay/replayed.ts';
import { answerLines } from '../../../cli/views/terminal/answer.ts';
import { idsOf, namesOf, spanOf } from '../../../cli/views/terminal/calls.ts';
import { nameParty, nameRole } from '../../../cli/views/terminal/party.ts';
import { headline, inStoryOrder, storyOf } from '../../../cli/views/terminal/story.ts';
import { paintFor } from '../../../cli/views/text/paint.ts';
import type { Party } from '../../../core/linking/chain.ts';
import { answer, delivered, hop, jsmith, unlinked } from '../fixtures.ts';

const plain = paintFor({}, false);
const call = (
  eventID: string,
  eventTime: string,
  eventName = 'ListBuckets',
  errorCode: string | null = null,
): Call => ({
  eventID,
  eventTime,
  eventName,
  errorCode,
  eventSource: 's3.amazonaws.com',
  recipientAccountId: '999999999999',
  accessKeyId: 'ASIAONE',
  credential: 'ASIAONE',
  use: 'use-1',
  awsRegion: 'us-east-1',
  sharedEventID: null,
  amends: null,
  callerAccount: '999999999999',
});

describe('names', () => {
  const party = (more: Partial<Party>): Party => ({
    type: 'Unknown',
    arn: null,
    principalId: null,
    accountId: null,
    userName: null,
    invokedBy: null,
    identityProvider: null,
    onBehalfOf: null,
    workload: null,
    ...more,
  });

  test.each([
    [jsmith, { name: 'jsmith', what: 'user, account 111111111111' }],
    [
      party({ type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }),
      { name: 'ec2.amazonaws.com', what: 'AWS service' },
    ],
    [
      party({ type: 'AWSAccount', principalId: 'AIDAX', accountId: '222222222222' }),
      { name: 'AIDAX', what: 'name unknown, account 222222222222' },
    ],
    [
      party({
        type: 'AssumedRole',
        arn: 'arn:aws:sts::333333333333:assumed-role/Dev/alice',
        accountId: '333333333333',
      }),
      { name: 'Dev/alice', what: 'role session, account 333333333333' },
    ],
    [
      party({ type: 'Root', arn: 'arn:aws:iam::1:root', accountId: '111111111111' }),
      { name: 'root', what: 'root user, account 111111111111' },
    ],
    [
      party({ type: 'SAMLUser', userName: 'bob', principalId: 'x', identityProvider: 'idp' }),
      { name: 'bob', what: 'SAML user, idp' },
    ],
    [party({ type: 'IAMUser', userName: 'a\u001b[2J' }), { name: 'a\\u{1b}[2J', what: 'user' }],
  ])('%j', (given, named) => {
    expect(nameParty(given)).toEqual(named);
  });

  test('a role has its path and account', () => {
    expect(nameRole('arn:aws:iam::999999999999:role/msp/Ops')).toEqual({
      name: 'msp/Ops',
      what: 'account 999999999999',
    });
  });
});

describe('calls in one line', () => {
  const calls = [
    call('e1', '2025-03-11T09:00:00Z'),
    call('e2', '2025-03-11T09:01:00Z', 'GetObject', 'AccessDenied'),
    call('e3', '2025-03-11T09:02:00Z'),
  ];

  test('names with counts, failed ones apart; span; first event ids in full', () => {
    expect(namesOf(calls)).toBe('s3 ListBuckets ×2, s3 GetObject (AccessDenied)');
    expect(spanOf(calls)).toBe('3 calls 2025-03-11 09:00:00 – 09:02:00');
    expect(spanOf(calls.slice(0, 1))).toBe('1 call 2025-03-11 09:00:00');
    expect(idsOf(calls)).toBe('e1, e2 and 1 more');
  });
});

describe('a story', () => {
  test('goes from the person over every role to the calls, each with its proof', () => {
    const chain = [
      hop('DataAdmin', ['issue-2'], '2025-03-11T09:21:40Z'),
      hop('CrossAccountTest', ['issue-1', 'issue-1-copy'], '2025-03-11T09:12:04Z'),
    ];
    const lines = storyOf(
      {
        answer: answer({ chain, roleArn: chain[0]?.roleArn ?? null, sessionName: 'db' }),
        calls: [call('e1', '2025-03-11T09:22:00Z')],
        strays: [],
      },
      plain,
    );
    expect(lines).toEqual([
      '  ● jsmith (user, account 111111111111) → CrossAccountTest → DataAdmin (account 999999999999)',
      '    2025-03-11 09:12:04  AssumeRole CrossAccountTest (by the key it issued)',
      '      proof issue-1',
      '      proof issue-1-copy',
      '    2025-03-11 09:21:40  AssumeRole DataAdmin as db (by the key it issued)',
      '      proof issue-2',
      '    1 call 2025-03-11 09:22:00: s3 ListBuckets',
      '      proof e1',
    ]);
  });

  test('of a session nobody issued says why', () => {
    const lines = storyOf(
      { answer: unlinked(), calls: [call('e1', '2025-03-11T09:22:00Z')], strays: [] },
      plain,
    );
    expect(lines[0]).toBe('  ○ nobody known → CrossAccountTest (account 999999999999)');
    expect(lines.at(-1)).toBe('    why: no issuance of this credential to this principal was seen');
  });

  test('shows flags, and that a session was never used', () => {
    const lines = storyOf({ answer: answer({ flags: ['used-after-expiry'] }), calls: [], strays: [] }, plain);
    expect(lines.slice(-2)).toEqual([
      '    issued, never used in these logs',
      '    look at: the credential was used after it had expired',
    ]);
  });

  test('keeps calls outside the life of the credential apart: nobody is said to have made them', () => {
    const lines = storyOf(
      {
        answer: answer({ flags: ['used-after-expiry'] }),
        calls: [call('e1', '2025-03-11T09:22:00Z')],
        strays: [call('e9', '2025-03-11T15:31:00Z')],
      },
      plain,
    );
    expect(lines.slice(-5)).toEqual([
      '    1 call 2025-03-11 09:22:00: s3 ListBuckets',
      '      proof e1',
      '    outside its validity, caller unknown: 1 call 2025-03-11 15:31:00: s3 ListBuckets',
      '      look at e9',
      '    look at: the credential was used after it had expired',
    ]);
  });

  test('of who is named by the record alone says so, and is not an open chain', () => {
    const lines = storyOf({ answer: delivered, calls: [], strays: [] }, plain);
    expect(lines[0]).toBe(
      '  ◍ account 333333333333 (product provider with delegated access) → CrossAccountTest (account 999999999999)',
    );
    expect(lines.at(-1)).toBe('    named by the record: made by the product provider');
    const explained = answerLines(delivered, plain);
    expect(explained).toContain('    named by the record: made by the product provider');
    expect(explained).toContain('    kind      product provider with delegated access');
    expect(explained).toContain(
      '    approved  by CrossAccountTest/test (role session, account 999999999999)',
    );
    expect(explained).toContain('    status    delivered');
    expect(explained.join()).not.toContain('stays open');
  });

  test('of a run of a pipeline says what its subject says of it', () => {
    const ci = {
      system: 'github' as const,
      repository: 'acme/web',
      ref: 'refs/heads/main',
      branch: 'main',
      environment: 'prod\u202e',
      run: '1650',
    };
    expect(answerLines(answer({ kind: 'ci-run', ci }), plain)).toContain(
      '    run       GitHub Actions, repository acme/web, branch main, environment prod\\u{202e}, run 1650',
    );
    expect(answerLines(answer(), plain).join()).not.toContain('    run ');
  });

  test.each([
    [answer({ kind: 'agent' }), / · AI agent acting for them$/],
    [answer({ kind: 'ci-run', origin: { ...jsmith, type: 'WebIdentityUser' } }), / · CI run$/],
    [
      answer({ kind: 'identity-center', origin: { ...jsmith, type: 'SAMLUser', onBehalfOf: 'x' } }),
      / · Identity Center$/,
    ],
    [answer({ kind: 'user' }), /\(account 999999999999\)$/],
  ])('says what the session is, where the name does not', (of, shown) => {
    expect(headline(of, plain)).toMatch(shown);
  });

  test('does not wonder at the key of Identity Center that nobody uses', () => {
    const lines = storyOf({ answer: answer({ kind: 'identity-center' }), calls: [], strays: [] }, plain);
    expect(lines.at(-1)).toContain('Identity Center hands out another');
  });

  test('cites sign-ins and tokens beside the issuance', () => {
    const signedIn = { ...hop('CrossAccountTest', ['issue-1'], '2025-03-11T09:00:00Z'), grants: ['token-1'] };
    const lines = storyOf({ answer: answer({ chain: [signedIn] }), calls: [], strays: [] }, plain);
    expect(lines).toContain('      keys  token-1 (a sign-in, a token, or a request for credentials)');
  });

  test('stories come in time, those without an end apart', () => {
    const early = { answer: answer({ began: '2016-04-05T20:39:37Z' }), calls: [], strays: [] };
    const late = { answer: answer(), calls: [], strays: [] };
    const open = { answer: unlinked(), calls: [], strays: [] };
    expect(inStoryOrder([late, open, early])).toEqual({ explained: [early, late], open: [open], within: 0 });
    const named = { answer: delivered, calls: [call('e1', '2025-03-11T09:22:00Z')], strays: [] };
    const unknown = { answer: unlinked({ status: 'unknown', origin: jsmith }), calls: [], strays: [] };
    expect(inStoryOrder([late, named, unknown])).toEqual({
      explained: [named, late],
      open: [unknown],
      within: 0,
    });
  });
});

describe('a session that was only a hop', () => {
  test('is told within the story it leads to', () => {
    const hopOnly = {
      answer: answer(),
      calls: [call('issue-2', '2025-03-11T09:21:40Z', 'AssumeRole')],
      strays: [],
    };
    const chain = [
      hop('DataAdmin', ['issue-2'], '2025-03-11T09:21:40Z'),
      hop('CrossAccountTest', ['issue-1'], '2025-03-11T09:12:04Z'),
    ];
    const whole = { answer: answer({ session: 'ASIAEND.00000000', chain }), calls: [], strays: [] };
    const busy = { ...hopOnly, calls: [...hopOnly.calls, call('e9', '2025-03-11T09:22:00Z')], strays: [] };
    expect(inStoryOrder([hopOnly, whole])).toEqual({ explained: [whole], open: [], within: 1 });
    expect(inStoryOrder([busy, whole]).explained).toHaveLength(2);
  });
});

describe('an explanation', () => {
  test('gives each hop its eventIDs, time, caller and rule, and what a claim is worth', () => {
    const claimed = {
      ...hop('CrossAccountTest', ['issue-1'], '2025-03-11T09:00:00Z'),
      joinedBy: 'claimed' as const,
    };
    const text = answerLines(answer({ chain: [claimed], flags: ['used-before-issuance'] }), plain).join('\n');
    expect(text).toContain('1. 2025-03-11 09:00:00  jsmith (user, account 111111111111) called AssumeRole');
    expect(text).toContain('by    arn:aws:iam::111111111111:user/jsmith');
    expect(text).toContain('proof issue-1');
    expect(text).toContain("claimed: only the partner's event says so");
    expect(text).toContain('look at: the credential was used before it was issued');
  });

  test('says where a chain stays open and which issuances are candidates', () => {
    expect(answerLines(answer({ reason: 'no issuance of ASIAX was seen' }), plain)).toContain(
      '    the chain stays open: no issuance of ASIAX was seen',
    );
    const several = answerLines(unlinked({ status: 'ambiguous', issuerEventIDs: ['i1', 'i2'] }), plain);
    expect(several).toContain('    candidates i1, i2');
  });
});

describe('what was refused', () => {
  test('is named by file or source, error and reason; failures with their whole sentence', () => {
    const replayed = {
      quarantined: [
        {
          key: 'quarantine/2025-03-11/x.ndjson',
          header: { execution: 'x', at: '', count: 3, failure: null, input: null },
          refusals: [
            {
              step: 'Intake',
              error: 'UnknownMessage',
              message: 'no known shape',
              source: 'message 1',
              raw: '{}',
            },
            { step: 'Decompress', error: 'NotGzip', message: 'not gzip', source: 's3://b/k' },
            { step: 'Filter', error: 'NotAnObject', message: 'a record is 1', source: 's3://b/l', record: 4 },
          ],
        },
        {
          key: 'quarantine/2025-03-11/y-batch.ndjson',
          header: {
            execution: 'y',
            at: '',
            count: 1,
            failure: { error: 'MissingEnvironment', message: 'X is not set' },
            input: null,
          },
          refusals: [],
        },
      ],
      collected: {
        failed: [
          {
            arn: 'a',
            name: 'logs-1',
            status: 'FAILED',
            error: 'AccessDenied',
            cause: '{"errorMessage":"persist may not dynamodb:PartiQLInsert on table/evidence"}',
            batch: null,
            events: null,
          },
        ],
      },
      others: [{ file: 'logs/NOTICE', key: 'NOTICE', size: 1, what: 'other' }],
      notes: [],
      problems: ['intake: MissingEnvironment: environment variable X of the function intake is not set'],
      fileOf: (message: string) => (message === '{}' ? 'logs/strange.json' : null),
    } as unknown as Replayed;
    expect(refusedLines(replayed, plain)).toEqual([
      '  ✕ logs/strange.json: UnknownMessage: no known shape (Intake)',
      '  ✕ s3://b/k: NotGzip: not gzip (Decompress)',
      '  ✕ s3://b/l record 4: NotAnObject: a record is 1 (Filter)',
      '    kept in quarantine/2025-03-11/x.ndjson',
      '  ✕ execution y: MissingEnvironment: X is not set',
      '    kept in quarantine/2025-03-11/y-batch.ndjson',
      '  ✕ execution logs-1 FAILED: AccessDenied: persist may not dynamodb:PartiQLInsert on table/evidence',
      '  ✕ intake: MissingEnvironment: environment variable X of the function intake is not set',
      '  not read: 1 file (not JSON, and not a known format): logs/NOTICE',
    ]);
  });

  test('errors that functions log are told once, whatever their shape; other lines are none', () => {
    const errors = new FunctionErrors();
    const line = (value: object) => errors.take('intake', JSON.stringify(value));
    line({ level: 'INFO', message: 'fine' });
    line({ level: 'ERROR', message: 'no grant', error: 'AccessDenied' });
    line({ level: 'ERROR', message: 'no grant', error: 'AccessDenied' });
    line({ level: 'ERROR', message: 'intake failed', error: { name: 'TypeError', message: 'x is not y' } });
    errors.take('intake', 'START RequestId: 1');
    line({
      level: 'ERROR',
      message: 'Correlate failed',
      error: 'MissingEnvironment',
      reason: 'X is not set',
    });
    line({ level: 'ERROR', message: { errorType: 'MissingEnvironment', errorMessage: 'Y is not set' } });
    expect(errors.sentences).toEqual([
      'intake: AccessDenied: no grant',
      'intake: TypeError: x is not y',
      'intake: MissingEnvironment: X is not set',
      'intake: MissingEnvironment: Y is not set',
    ]);
  });
});
