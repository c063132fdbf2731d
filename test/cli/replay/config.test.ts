import type { Kind } from '../../../cli/inputs/kind.ts';
import { needsOf, replayConfig, topicOf } from '../../../cli/replay/config.ts';
import type { RoletrailConfig } from '../../../infra/roletrail-config.ts';

const base: RoletrailConfig = {
  production: { account: '999999999999', region: 'us-east-1' },
  auditedRoles: ['arn:aws:iam::999999999999:role/A'],
  partners: [{ account: '111111111111', regions: ['us-east-1'], externalIds: ['3414'] }],
  trailBucket: { name: 'real-trail' },
  batch: { size: 10, windowSeconds: 20 },
};
const event = (account: string, region: string): Kind => ({
  kind: 'event',
  account,
  region,
  message: '',
  topicArn: null,
});

describe('the configuration of a local replay', () => {
  test('adds the partners that sent something to those that are configured', () => {
    const needs = needsOf([
      event('222222222222', 'eu-west-1'),
      event('111111111111', 'eu-west-1'),
      event('222222222222', 'eu-west-1'),
    ]);
    expect(replayConfig(base, [], needs).partners).toEqual([
      { account: '111111111111', regions: ['us-east-1', 'eu-west-1'], externalIds: ['3414'] },
      { account: '222222222222', regions: ['eu-west-1'] },
    ]);
    expect(base.partners[0]?.regions).toEqual(['us-east-1']);
  });

  test.each([
    ['the production account itself', '999999999999', 'us-east-1'],
    ['an account that is none', '123', 'us-east-1'],
    ['a region that is none', '333333333333', 'global'],
    ['another partition', '333333333333', 'cn-north-1'],
  ])('%s is not a partner', (_, account, region) => {
    const config = replayConfig(base, [], needsOf([event(account, region)]));
    expect(config.partners).toEqual(base.partners);
    expect(topicOf(config, { account, region, topicArn: null })).toBeNull();
  });

  // A log of one deployment is replayed under the configuration of another.
  test.each([
    ['no topic', null, 'roletrail-eu-assume-role'],
    ['the topic of this deployment', 'roletrail-eu-assume-role', 'roletrail-eu-assume-role'],
    ['the topic of a deployment without a name', 'roletrail-assume-role', 'roletrail-eu-assume-role'],
    ['another topic', 'alarms', null],
  ])('publishes an event that names %s', (_, named, published) => {
    const arn = (name: string) => `arn:aws:sns:us-east-1:111111111111:${name}`;
    const place = { account: '111111111111', region: 'us-east-1' };
    const topic = topicOf({ ...base, name: 'eu' }, { ...place, topicArn: named && arn(named) });
    expect(topic).toBe(published && arn(published));
  });

  test('has a bucket of its own, named as the first notification names it', () => {
    const message = (bucket: string): Kind => ({ kind: 'message', buckets: [bucket] });
    const named = replayConfig(base, [], needsOf([message('first-bucket'), message('second-bucket')]));
    expect(named).toMatchObject({
      trailBucket: { name: 'first-bucket', create: true },
    });
    const unnamed = replayConfig(base, [], needsOf([]));
    expect(unnamed.trailBucket).toEqual({ name: 'roletrail-replay-999999999999', create: true });
  });

  test('takes as many small files at once as one execution describes, and fewer large ones', () => {
    const sizeOf = (meanBytes: number) => replayConfig(base, [], { ...needsOf([]), meanBytes }).batch.size;
    expect([sizeOf(2_000), sizeOf(1_000_000)]).toEqual([250, 100]);
  });

  test('takes the roles that were asked for, each once, and else every temporary credential, not those of a configuration', () => {
    expect(replayConfig(base, ['X', 'X', 'Y'], needsOf([])).auditedRoles).toEqual(['X', 'Y']);
    expect(replayConfig(base, [], needsOf([])).auditedRoles).toEqual(['*']);
  });

  test('leaves accounts to the records, unless told otherwise', () => {
    const accountsOf = (config: RoletrailConfig, asked: string[]) =>
      replayConfig(config, [], needsOf([]), asked).trailAccounts;
    expect(accountsOf(base, [])).toEqual(['unchecked']);
    expect(accountsOf(base, ['222222222222', '222222222222'])).toEqual(['222222222222']);
    expect(accountsOf({ ...base, trailAccounts: ['333333333333'] }, [])).toEqual(['333333333333']);
    expect(accountsOf({ ...base, trailAccounts: ['333333333333'] }, ['*'])).toEqual(['*']);
    expect(() => accountsOf(base, ['12'])).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining("'12' is not a 12-digit account id"),
      }),
    );
  });

  test('a role that is none is wrong usage', () => {
    expect(() => replayConfig(base, ['no role!'], needsOf([]))).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining("'no role!'") }),
    );
  });
});
