import fc from 'fast-check';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { candidatesFor } from '../../../core/reading/candidates.ts';
import { relevance } from '../../../core/reading/relevance.ts';
import { RecordScanner } from '../../../core/reading/scan.ts';
import { linkingCases } from '../linking/linking-case.ts';

const relevant = linkingCases().flatMap(({ roles, records }) => {
  const audited = new AuditedRoles(roles);
  return records
    .filter(record => relevance(record, audited, 'trail') !== null)
    .map(record => ({ record, audited }));
});

function isFound(text: string, audited: AuditedRoles): boolean {
  let found = 0;
  const scanner = new RecordScanner(() => {
    found += 1;
  }, candidatesFor(audited));
  scanner.push(Buffer.from(`{"Records":[{},${text},{}]}`));
  scanner.end();
  return found > 0;
}

/** The same JSON with other escapes: `hidden` tells of each sign of its strings whether it is written as one. */
function written(record: unknown, hidden: (sign: string) => boolean): string {
  return JSON.stringify(record).replaceAll(/"(?:[^"\\]|\\.)*"/g, string =>
    string.replaceAll(/\\.|[^"]/gs, sign => {
      if (sign.length > 1 || !hidden(sign)) return sign;
      return sign === '/' ? '\\/' : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
    }),
  );
}

test('what matters is a candidate, however its signs are escaped', () => {
  expect(relevant.length).toBeGreaterThan(100);
  for (const { record, audited } of relevant) {
    expect(isFound(JSON.stringify(record), audited)).toBe(true);
    expect(
      isFound(
        written(record, sign => sign === '/'),
        audited,
      ),
    ).toBe(true);
  }
  const which = fc.record({ each: fc.constantFrom(...relevant), signs: fc.infiniteStream(fc.nat(200)) });
  fc.assert(
    fc.property(which, ({ each: { record, audited }, signs }) => {
      const text = written(record, () => signs.next().value === 0);
      expect(JSON.parse(text)).toEqual(record);
      expect(isFound(text, audited)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a name that ends like that of the role, or stands alone, makes no candidate', () => {
  const audited = new AuditedRoles(['arn:aws:iam::111111111111:role/path/Audited']);
  const of = (arn: string) => JSON.stringify({ userIdentity: { arn } });
  expect(isFound(of('arn:aws:sts::111111111111:assumed-role/Audited/s'), audited)).toBe(true);
  expect(isFound(of('arn:aws:sts::111111111111:assumed-role/NotAudited/s'), audited)).toBe(false);
  expect(isFound(JSON.stringify({ requestParameters: { roleName: 'Audited' } }), audited)).toBe(false);
});

test('a role is a candidate in any case, in which records and people write its name', () => {
  // IAM API, CreateRole: names are not distinguished by case.
  const inCase = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
  const written = (large: boolean[]) =>
    [...'data-lake_42'].map((sign, at) => (large[at] ? sign.toUpperCase() : sign)).join('');
  fc.assert(
    fc.property(inCase, inCase, fc.nat(80), (asked, shown, before) => {
      const audited = new AuditedRoles([`arn:aws:iam::111111111111:role/path/${written(asked)}`]);
      const record = (name: string) =>
        JSON.stringify({ note: '-'.repeat(before), userIdentity: { arn: `role/${name}/s` } });
      expect(isFound(record(written(shown)), audited)).toBe(true);
      // What differs in more than the case of a letter is another name: `-` and `\r`, `_` and `\x7f` differ in that bit alone.
      expect(isFound(record(written(shown).replace('_', '-')), audited)).toBe(false);
      expect(isFound(record(written(shown).replace('_', '\x7f')), audited)).toBe(false);
    }),
  );
});

test.each(['/Audite', '/auditee', 'audited', '/Audi@ed'])('%s is not the name /Audited', text => {
  expect(isFound(JSON.stringify({ arn: `role${text}/s` }), new AuditedRoles(['Audited']))).toBe(false);
});
