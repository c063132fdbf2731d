import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliveries, isFromConsole, isKept, load, type Sample, samples } from './support.ts';

/** Where in the order of delivery an event first occurs. */
function firstDelivery(sample: Sample, eventID: string): number {
  return deliveries(sample).findIndex(({ records }) => records.some(record => record.eventID === eventID));
}

test('the article: jsmith listed the buckets, and the call arrives before its issuance', () => {
  // Given
  const sample = load('article');
  const [call] = sample.expected.calls;
  // Then
  expect(call).toMatchObject({
    eventID: '099ff820-00f2-4500-94fc-2b9da26d576f',
    status: 'linked',
    issuerEventIDs: ['e5a09871-dc41-4979-8cd3-e6e0fdf5ebaf', '5a1f0c55-6f43-4f5e-9d5e-0c1b7e6a2d10'],
    origin: { arn: 'arn:aws:iam::111111111111:user/jsmith' },
  });
  expect(firstDelivery(sample, '099ff820-00f2-4500-94fc-2b9da26d576f')).toBeLessThan(
    firstDelivery(sample, 'e5a09871-dc41-4979-8cd3-e6e0fdf5ebaf'),
  );
});

test('the article: nothing of its typing errors is left', () => {
  // Given
  const text = JSON.stringify([...load('article').logs.values(), ...load('article').messages.values()]);
  // Then
  expect(text).not.toMatch(/\d{13}|844014150832|sts:: |jsmith /);
});

describe('the incident', () => {
  const sample = load('incident');
  const { calls, sessions, absent } = sample.expected;
  const named = (name: string) => calls.filter(call => call.name.startsWith(name));

  test('leads from the ledger over two roles to mreyes, although the calls arrive first', () => {
    // Given
    const intrusion = named('intrusion: ');
    // Then
    expect(intrusion).toHaveLength(21);
    for (const { depth, origin } of intrusion) {
      expect({ depth, arn: origin?.arn }).toEqual({ depth: 2, arn: 'arn:aws:iam::111111111111:user/mreyes' });
    }
    for (const { eventID, chain } of named('intrusion: read ledger')) {
      for (const id of chain.flat()) {
        expect(firstDelivery(sample, eventID)).toBeLessThan(firstDelivery(sample, id));
      }
    }
  });

  test('has a session that nobody issued, in two regions', () => {
    // Given
    const unexplained = sessions.filter(({ accessKeyId }) => accessKeyId === 'ASIAEXAMPLENOISSUER1');
    // Then
    expect(unexplained).toMatchObject([{ status: 'unlinked', calls: 9 }]);
    expect(named('unexplained: ').every(({ status }) => status === 'unlinked')).toBe(true);
  });

  test('has a decoy whose names begin like the audited ones and whose calls must not appear', () => {
    // Given
    const arn = 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest2/CrossAccountTest';
    const decoys = [...sample.logs.values()].flat().filter(({ userIdentity }) => userIdentity.arn === arn);
    // Then
    expect(decoys).toHaveLength(3);
    for (const { eventID } of decoys) expect(absent).toContain(eventID);
  });

  test("knows of the MSP's lost events an id and an account, no name", () => {
    // Then
    for (const { origin } of named('on call: ')) {
      expect(origin).toEqual({
        type: 'AWSAccount',
        principalId: 'AIDAEXAMPLEMSPONCALL1',
        accountId: '222233334444',
      });
    }
    expect(named('on call: ')).toHaveLength(3);
  });

  test('has one session at the console behind three keys that no record issues', () => {
    // Given
    const keys = [...sample.logs.values()]
      .flat()
      .filter(record => isFromConsole(record))
      .map(({ userIdentity }) => userIdentity.accessKeyId);
    // Then
    expect(new Set(keys).size).toBe(3);
    expect(sessions.filter(({ accessKeyId }) => accessKeyId === null)).toMatchObject([
      { status: 'linked', calls: 3 },
    ]);
  });

  test('has one person behind three keys, and a key of the same session that nobody uses', () => {
    // Given
    const ofPerson = sessions.filter(({ sessionName }) => sessionName === 'pnair@harbour.example');
    const arns = new Set(
      [...sample.logs.values()]
        .flat()
        .filter(({ userIdentity: { arn } }) => arn?.endsWith('/pnair@harbour.example'))
        .map(({ userIdentity: { arn, accessKeyId } }) => `${arn} ${accessKeyId}`),
    );
    // Then
    expect(arns.size).toBe(3);
    expect(
      ofPerson.map(({ accessKeyId, status, calls: made, origin }) => [
        accessKeyId,
        status,
        made,
        origin?.type,
      ]),
    ).toEqual([
      ['ASIAEXAMPLEPNAIRSTS1', 'linked', 0, 'SAMLUser'],
      ['ASIAEXAMPLEPNAIRSSO1', 'linked', 5, 'SAMLUser'],
      ['ASIAEXAMPLEPNAIRMCP1', 'linked', 1, 'SAMLUser'],
      ['ASIAEXAMPLEPROVIDER1', 'delivered', 1, 'DelegatedProvider'],
    ]);
  });

  test("has a CI run whose session has a person's name, and that person is not behind it", () => {
    // Then
    expect(sessions.filter(({ sessionName }) => sessionName === 'tlee')).toMatchObject([
      {
        status: 'linked',
        calls: 3,
        origin: { userName: 'repo:harbour-shop/storefront:ref:refs/heads/main' },
      },
    ]);
    expect(JSON.stringify(sample.expected)).not.toContain('user/tlee');
  });

  test('has a call that cannot be: made with a key an hour and a half after its expiry', () => {
    // Then
    expect(named('impossible: ')).toMatchObject([{ status: 'unlinked', issuerEventIDs: [] }]);
    expect(sessions.filter(({ flags }) => flags.length > 0)).toMatchObject([
      { accessKeyId: 'ASIAEXAMPLETICKET230', flags: ['used-after-expiry'] },
    ]);
  });

  test('has a file of which nothing is kept, and an early and a late region', () => {
    // Given
    const quiet = [...sample.logs].find(([key]) => key.includes('20250311T1430Z'));
    const ids = new Set(calls.map(({ eventID }) => eventID));
    // Then
    expect(quiet?.[1].length).toBeGreaterThan(0);
    expect(quiet?.[1].filter(({ eventID }) => ids.has(eventID))).toEqual([]);
    expect(new Set([...sample.logs.keys()].map(key => key.split('/')[3]))).toEqual(
      new Set(['us-east-1', 'eu-west-1']),
    );
  });

  test('is told with the numbers it has', () => {
    // Given
    const readme = readFileSync(join(samples, 'incident/README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| ((?:us|eu)-[a-z]+-\d) (\d\d):(\d\d) \| (\d+) \| (\d+) \| /gm)];
    // Then
    expect(rows).toHaveLength(sample.logs.size);
    for (const [, region, hour, minute, records, kept] of rows) {
      const key = [...sample.logs.keys()].find(k => k.includes(`${region}_20250311T${hour}${minute}Z`));
      const found = sample.logs.get(key ?? '') ?? [];
      expect([found.length, found.filter(isKept).length]).toEqual([Number(records), Number(kept)]);
    }
  });
});
