import fc from 'fast-check';
import type { Json } from '../../../core/records/read.ts';
import { tabled, tables } from '../../../core/resources/tables/index.ts';
import { touchedBy } from '../../../core/resources/touched.ts';

/** Where a row's name stands in the request, and a call that the row is for. */
interface Target {
  source: string;
  call: string;
  path: string[];
}

const calls = ['CreateThing', 'DeleteThing'];

/** Every row that takes a name from the request of any call, or of a call whose name can be told from its pattern. */
const targets: Target[] = tables.flatMap(({ sources, rows }) =>
  rows.flatMap(row => {
    const at = [row.at].flat().find(path => path.startsWith('request.'));
    const call = row.calls ? calledBy(row.calls) : calls[0];
    if (!at || !call) return [];
    return [
      {
        source: sources[0] as string,
        call,
        path: at
          .split('.')
          .slice(1)
          .filter(part => part !== '**'),
      },
    ];
  }),
);

/** A name that the pattern matches, made of its first alternative. */
function calledBy(pattern: RegExp): string | undefined {
  const plain = pattern.source
    .replace(/\(\?:([^|()]*)[^()]*\)\??/g, '$1')
    .replace(/\\\w\+|[$^?]/g, '')
    .split('|')[0];
  return [plain, `Create${plain}`].find(name => name !== undefined && pattern.test(name));
}

function requestOf(path: readonly string[], value: string): Json {
  return path.reduceRight<unknown>((inner, member) => ({ [member]: inner }), value) as Json;
}

interface Place {
  account: string;
  region: string;
}

function idsOf({ source, call, path }: Target, name: string, { account, region }: Place): string[] {
  const record = {
    eventSource: `${source}.amazonaws.com`,
    eventName: call,
    awsRegion: region,
    recipientAccountId: account,
    userIdentity: { arn: `arn:aws:iam::${account}:user/x` },
    requestParameters: requestOf(path, name),
  };
  const { resources } = touchedBy(record);
  return resources.filter(each => each.name === name || each.id.endsWith(name)).map(({ id }) => id);
}

// What a request may hold is anybody's choice, also what makes an ARN end elsewhere.
const names = fc.oneof(
  fc.stringMatching(/^[\w+=,.@-]{1,12}$/),
  fc.constantFrom(
    'a/b',
    'a',
    'b',
    'A',
    'a:b',
    'a b',
    'a%20b',
    '/a',
    'a/',
    'x/y/z',
    'alias/a',
    '*',
    'default',
    'i-0a',
    'ou-a',
  ),
  fc.string({ minLength: 1, maxLength: 8 }),
);
const places = fc.record({
  account: fc.constantFrom('111122223333', '444455556666'),
  region: fc.constantFrom('eu-west-1', 'us-east-1'),
});

test('the tables have rows to try', () => {
  expect(targets.length).toBeGreaterThan(250);
  expect(tabled.length).toBeGreaterThan(50);
});

test('two names of one kind in one place are two resources', () => {
  fc.assert(
    fc.property(fc.constantFrom(...targets), names, names, places, (target, one, other, place) => {
      fc.pre(one !== other && !sameToAws(target, one, other));
      const theirs = new Set(idsOf(target, other, place));
      expect(idsOf(target, one, place).filter(id => theirs.has(id))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

/** What AWS itself takes for one: an ARN has one slash before a parameter's name, a log group's may end in `:*`, paths of IAM. */
function sameToAws({ source }: Target, one: string, other: string): boolean {
  const known: Record<string, RegExp> = {
    ssm: /^\//,
    logs: /:\*$/,
    route53: /^\/hostedzone\//,
    s3: /^\/|\?.*$/,
  };
  const odd = known[source];
  return odd !== undefined && one.replace(odd, '') === other.replace(odd, '');
}

test('one name in two accounts or Regions is two resources, where its ARN has an account or Region', () => {
  fc.assert(
    fc.property(fc.constantFrom(...targets), names, places, places, (target, name, here, there) => {
      fc.pre(here.account !== there.account && here.region !== there.region);
      const theirs = new Set(idsOf(target, name, there));
      const shared = idsOf(target, name, here).filter(id => theirs.has(id));
      // Unique in the world: an account, what an ARN names without account and Region, and names that are ARNs themselves.
      const unique = (id: string) => /^arn:[^:]*:[^:]*:::/.test(id) || id.endsWith(`::${name}:root`);
      expect(shared.filter(id => !unique(id) && !name.startsWith('arn:'))).toEqual([]);
    }),
    { numRuns: 1_500 },
  );
});

const nested: [call: string, parent: string, member: string][] = [
  ['ecs UpdateService', 'cluster', 'service'],
  ['glue DeleteTable', 'databaseName', 'name'],
  ['guardduty DeleteIPSet', 'detectorId', 'ipSetId'],
  ['cognito-idp AdminDeleteUser', 'userPoolId', 'username'],
  ['transfer DeleteUser', 'serverId', 'userName'],
  ['events DeleteRule', 'eventBusName', 'name'],
  ['logs DeleteLogStream', 'logGroupName', 'logStreamName'],
  ['apigateway DeleteStage', 'restApiId', 'stageName'],
  ['s3 DeleteObject', 'bucketName', 'key'],
  ['newservice DeleteThing', 'groupName', 'thingName'],
];

test.each(nested)(
  '%s: a name in two parents is two resources, wherever a slash or a blank stands',
  (called, parent, member) => {
    const [source, eventName] = called.split(' ');
    const ids = (request: Json) =>
      touchedBy({
        eventSource: `${source}.amazonaws.com`,
        eventName,
        awsRegion: 'eu-west-1',
        recipientAccountId: '111122223333',
        requestParameters: request,
      }).resources.map(({ id }) => id);
    const pair = fc.tuple(names, names);
    fc.assert(
      fc.property(pair, pair, ([parents, name], [others, other]) => {
        fc.pre(parents !== others || name !== other);
        // A rule without a bus is one of the default bus.
        fc.pre(parent !== 'eventBusName' || (parents !== '' && others !== ''));
        const [own] = ids({ [parent]: parents, [member]: name });
        const [theirs] = ids({ [parent]: others, [member]: other });
        expect(own).not.toBe(theirs);
      }),
      {
        numRuns: 500,
        examples: [
          [
            ['a', 'b/c'],
            ['a/b', 'c'],
          ],
          [
            ['a', 'b c'],
            ['a b', 'c'],
          ],
          [
            ['a', 'b:c'],
            ['a:b', 'c'],
          ],
        ],
      },
    );
  },
);

test('records without an account, which no trail has, merge nothing', () => {
  const id = (eventID: string) =>
    touchedBy({
      eventID,
      eventSource: 'iam.amazonaws.com',
      eventName: 'DeleteUser',
      requestParameters: { userName: 'jo' },
    }).resources[0]?.id;
  expect(id('one')).not.toBe(id('two'));
});
