import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../cli/failure.ts';
import { parseNames, readNamesFile } from '../../../cli/people/names-file.ts';

const kim = '94482488-3041-7033-8f2e-4c1e9a7b0d11';
const lee = '906715a2b3-1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809';
const both = new Map([
  [kim, 'kim.ortiz'],
  [lee, 'lee'],
]);

describe('names are read from', () => {
  test.each([
    [
      'what list-users prints; who has no user name is called by the display name',
      JSON.stringify({
        Users: [
          { UserName: 'kim.ortiz', UserId: kim, DisplayName: 'Kim Ortiz', IdentityStoreId: 'd-1234567890' },
          { UserId: lee, DisplayName: 'lee', Emails: [{ Value: 'lee@example.com' }] },
        ],
        NextToken: 'more',
      }),
    ],
    ['an object', JSON.stringify({ [kim]: 'kim.ortiz', [lee]: ' lee ' })],
    ['CSV', `${kim},kim.ortiz\n${lee},lee`],
    [
      'CSV with a header, quotes and Windows line ends',
      `userId,userName\r\n"${kim}", "kim.ortiz"\r\n\r\n${lee},lee\r\n`,
    ],
    ['ids in capitals, the same line twice', `${kim.toUpperCase()},kim.ortiz\n${kim},kim.ortiz\n${lee},lee`],
  ])('%s', (_what, text) => {
    expect(parseNames(text)).toEqual(both);
  });

  test('CSV whose name has a comma and quotes', () => {
    expect(parseNames(`User ID,User Name\n${kim},"Ortiz, ""Kim"""`)).toEqual(
      new Map([[kim, 'Ortiz, "Kim"']]),
    );
  });
});

describe('what is wrong is said', () => {
  test.each([
    ['', 'it holds no names'],
    ['userId,userName\n', 'it holds no names'],
    ['{"Users":[]}', 'it holds no names'],
    ['{"Users":{}}', '"Users" is not a list'],
    ['{"Users"', 'it begins like JSON, but is not valid JSON'],
    ['[1]', 'expected {"Users": [...]}'],
    ['{"Users":[{"UserName":"kim"}]}', 'user 1: what it has is not an Identity Center user id'],
    ['{"Users":[7]}', 'user 1: what it has is not an Identity Center user id'],
    [JSON.stringify({ [kim]: 7 }), `"${kim}": the user ${kim} has no name`],
    [JSON.stringify({ 'kim.ortiz': kim }), '"kim.ortiz": "kim.ortiz" is not an Identity Center user id'],
    [`${kim},`, `line 1: the user ${kim} has no name`],
    [`${kim},${'x'.repeat(1_025)}`, 'or one of more than 1,024 characters'],
    [`${kim},kim.ortiz\nkim.ortiz,${kim}`, 'line 2: "kim.ortiz" is not an Identity Center user id'],
    [`${kim},kim,ortiz`, 'line 1 is not userId,userName'],
    [`${kim},"kim`, 'line 1 is not userId,userName'],
    ['kim.ortiz', 'line 1 is not userId,userName'],
    [`${kim},kim.ortiz\n${kim.toUpperCase()},kim.o`, 'line 2: the user'],
  ])('%j', (text, problem) => {
    expect(() => parseNames(text)).toThrow(problem);
  });
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-names-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const fileOf = (content: string | Buffer) => {
    const file = join(folder, 'users');
    writeFileSync(file, content);
    return file;
  };

  test('is read with or without a byte order mark', () => {
    expect(readNamesFile(fileOf(`\ufeff${JSON.stringify({ [kim]: 'kim.ortiz' })}`)).get(kim)).toBe(
      'kim.ortiz',
    );
  });

  test.each([
    ['is not there', () => join(folder, 'none'), 'ENOENT'],
    ['is a folder', () => folder, 'EISDIR'],
    ['is not text', () => fileOf(Buffer.from([0xff, 0xfe, 0x7b, 0])), 'it is not UTF-8 text'],
    ['is too large', () => fileOf(Buffer.alloc(64 * 1024 * 1024 + 1, ' ')), 'it is larger than 64 MB'],
  ])('that %s is named', (_what, of, problem) => {
    const file = of();
    const read = () => readNamesFile(file);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(`names of ${file}: `);
    expect(read).toThrow(problem);
  });
});
