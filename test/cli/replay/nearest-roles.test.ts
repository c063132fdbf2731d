import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findInputs } from '../../../cli/inputs/inputs.ts';
import { nearestRoles } from '../../../cli/replay/nearest-roles.ts';
import { seeRolesIn } from '../../../cli/replay/roles-in-files.ts';
import { RolesSeen } from '../../../cli/replay/roles-seen.ts';

const role = (name: string, account = '999999999999') => `arn:aws:iam::${account}:role/${name}`;
const sso = 'aws-reserved/sso.amazonaws.com/AWSReservedSSO_';

function nearest(asked: string, ...held: string[]) {
  const seen = new RolesSeen();
  for (const arn of held) seen.see(arn);
  return nearestRoles(asked, seen);
}

test.each([
  ['another account', role('Lake', '111111111111'), role('team/Lake'), 'of account 999999999999'],
  ['a letter left out', 'DataAdmn', role('DataAdmin'), 'a similar name'],
  ['two letters swapped', 'DataAdmni', role('DataAdmin'), 'a similar name'],
  ['written otherwise', 'data-admin', role('DataAdmin'), 'written otherwise'],
  ['a beginning', 'Data', role('DataAdmin'), 'a similar name'],
  [
    'a permission set provisioned anew',
    'AWSReservedSSO_Admin_ffffffffffffffff',
    role(`${sso}Admin_0123456789abcdef`),
    'of the same permission set, provisioned anew or in another account',
  ],
  ['a typo in a pattern', 'AWSReservedSSO_Admn_*', role(`${sso}Admin_0123456789abcdef`), 'a similar name'],
  [
    'the name of a permission set',
    'Admin',
    role(`${sso}Admin_0123456789abcdef`),
    'of the permission set of that name: AWSReservedSSO_NAME_* asks for it',
  ],
])('%s', (_, asked, held, why) => {
  expect(nearest(asked, role('SomethingElse'), held)).toEqual([{ arn: held, why }]);
});

test('a name unlike all others has none near, and the nearest comes first', () => {
  expect(nearest('Nope', role('DataAdmin'), role('Ops'))).toEqual([]);
  expect(nearest('Deploy', role('DeployAll'), role('Deplyo')).map(({ arn }) => arn)).toEqual([
    role('Deplyo'),
    role('DeployAll'),
  ]);
});

describe('the roles that files name', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roletrail-roles-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function seenIn(name: string, content: Buffer | string) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name);
    writeFileSync(file, content);
    const seen = new RolesSeen();
    await seeRolesIn((await findInputs([file])).deliver, seen);
    return seen;
  }

  const identity = (name: string) =>
    `"principalId":"AROAEXAMPLE000000001:s","arn":"arn:aws:sts::999999999999:assumed-role/${name}/s"`;

  test('are found in text and in gzip, with the unique id in front of the session', async () => {
    const text = `{"Records":[{"userIdentity":{${identity('DataAdmin')}},"x":"${role('a/b/Other')}"}]}`;
    for (const seen of [await seenIn('a.json', text), await seenIn('b.json.gz', gzipSync(text))]) {
      expect(seen.arns.sort()).toEqual([role('DataAdmin'), role('a/b/Other')]);
      expect(nearestRoles('AROAEXAMPLE000000001', seen)).toEqual([
        { arn: role('DataAdmin'), why: 'whose id AROAEXAMPLE000000001 is; ask for its name' },
      ]);
    }
  });

  test('are whole where a chunk ends within one', async () => {
    // Chunks have a mebibyte: it ends within the name, so that half of it would be another role.
    const head = '{"Records":[],"x":"';
    const before = `${'y'.repeat(1024 * 1024 - head.length - role('Data').length - 3)}","`;
    const seen = await seenIn('a.json', `${head}${before}${role('DataAdmin')}"}`);
    expect(seen.arns).toEqual([role('DataAdmin')]);
  });

  test('of half a gzip file are those before its end', async () => {
    const whole = gzipSync(`{"Records":[],"x":"${role('DataAdmin')}"}`, { level: 0 });
    const seen = await seenIn('half.json.gz', whole.subarray(0, whole.length - 8));
    expect(seen.arns).toEqual([role('DataAdmin')]);
  });
});
