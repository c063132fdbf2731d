import { areBytes, storedEntries, storedZip } from '../../../cli/evidence/stored-zip.ts';

/**
 * PKWARE's APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16, field by field; the CRC-32 of "123456789" is 0xcbf43926 (the check value
 * of that polynomial). Every byte is said here: none is left to a library, a clock, a system or a processor.
 */
const hex = (...fields: string[]) => Buffer.from(fields.join('').replaceAll(' ', ''), 'hex');
const name = Buffer.from('a.txt').toString('hex');
const digits = Buffer.from('123456789');
//                 version flags  method time   date   crc-32    packed    unpacked  name   extra
const shared = hex(
  '0a00',
  '0000',
  '0000',
  '0000',
  '2100',
  '2639f4cb',
  '09000000',
  '09000000',
  '0500',
  '0000',
);
const expected = Buffer.concat([
  hex('504b0304', shared.toString('hex'), name),
  digits,
  //   signature   made by  shared                  comment disk   internal external  offset
  hex('504b0102', '0a00', shared.toString('hex'), '0000', '0000', '0000', '00000000', '00000000', name),
  //   signature   disks         entries       list's size list's place comment
  hex('504b0506', '0000', '0000', '0100', '0100', '33000000', '2c000000', '0000'),
]);

test('a stored zip is what the specification says, to the byte', () => {
  const zip = storedZip([{ path: 'a.txt', bytes: digits }]);
  expect(Buffer.concat(zip).toString('hex')).toBe(expected.toString('hex'));
  expect(areBytes(zip, expected)).toBe(true);
  for (const other of [expected.subarray(1), expected.subarray(0, -1), Buffer.concat([expected, digits])])
    expect(areBytes(zip, other)).toBe(false);
});

test('its files are read as they are, and nothing else passes for one', () => {
  expect(storedEntries(expected)).toEqual([{ path: 'a.txt', bytes: digits }]);
  expect(storedEntries(Buffer.concat([digits, expected]))).toBeNull();
  expect(storedEntries(expected.subarray(0, 44))).toBeNull();
  expect(storedEntries(Buffer.alloc(0))).toBeNull();
  const packed = Buffer.from(expected);
  packed[8] = 8;
  expect(storedEntries(packed)).toBeNull();
});
