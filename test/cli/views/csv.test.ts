import { csvRow } from '../../../cli/views/text/csv.ts';

// RFC 4180, section 2.
test('quotes what has a comma, a quote or a blank at an end, and doubles quotes', () => {
  expect(csvRow(['plain', 'a,b', 'say "hi"', ' x', 7, true, null, undefined])).toBe(
    'plain,"a,b","say ""hi"""," x",7,true,,',
  );
});

// OWASP, "CSV Injection": what a cell may not begin with.
test.each(['=HYPERLINK("http://x")', '+1', '-1+cmd', '@SUM(A1)', '\uff1dA1', ' =1'])(
  '%j is no formula',
  text => {
    expect(csvRow([text])).toMatch(/^"?'/);
  },
);

test('a number stays one, and nothing of a log ends the row', () => {
  expect(csvRow([-3])).toBe('-3');
  expect(csvRow(['a\r\nb\tc\u202ed'])).not.toMatch(/[\r\n\t\u202e]/);
});
