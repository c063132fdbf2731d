import { sessionTerms } from '../../../core/records/session-terms.ts';

const none = { externalId: null, policy: null, policyArns: [], durationSeconds: null };

test.each([
  ['no parameters', null],
  ['a role and a name', { roleArn: 'r', roleSessionName: 's' }],
  ['fields of other types', { policyArns: 'x', policy: 7, durationSeconds: 'long', externalId: [] }],
])('%s: no terms', (_, requestParameters) => {
  expect(sessionTerms({ requestParameters })).toBeNull();
});

test('what a credential was asked for with (STS API reference, AssumeRole)', () => {
  const requestParameters = {
    roleArn: 'arn:aws:iam::111122223333:role/Partner',
    externalId: 'partner-7',
    policy: '{"Version":"2012-10-17"}',
    policyArns: [
      { arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      { arn: 'arn:aws:iam::111122223333:policy/Edge' },
    ],
    durationSeconds: 900,
  };
  expect(sessionTerms({ requestParameters })).toEqual({
    externalId: 'partner-7',
    policy: '{"Version":"2012-10-17"}',
    policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::111122223333:policy/Edge'],
    durationSeconds: 900,
  });
});

test('each alone, and a policy as an object', () => {
  const of = (requestParameters: object) => sessionTerms({ requestParameters });
  expect(of({ durationSeconds: '3600' })).toEqual({ ...none, durationSeconds: 3600 });
  expect(of({ policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] })).toEqual({
    ...none,
    policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  });
  expect(of({ policy: { Version: '2012-10-17' } })).toEqual({ ...none, policy: '{"Version":"2012-10-17"}' });
});
