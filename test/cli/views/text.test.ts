import { clean, escapeJson, prettyJson, safeJson } from '../../../cli/views/text/clean.ts';
import { columns, day, duration, plural, shellWord, shorten } from '../../../cli/views/text/format.ts';
import { paintFor } from '../../../cli/views/text/paint.ts';
import { Screen } from '../../../cli/views/text/screen.ts';

describe('text of logs', () => {
  test.each([
    ['an escape sequence', 'a\u001b[31mb', 'a\\u{1b}[31mb'],
    ['a line break', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['a C1 control', 'a\u009bb', 'a\\u{9b}b'],
    ['a direction override', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a tag outside the basic plane', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ])('%s is shown, not obeyed', (_, given, shown) => {
    expect(clean(given)).toBe(shown);
  });

  test('each control, format and line-breaking character of Unicode is, and no other', () => {
    const other: string[] = [];
    for (let point = 0; point < 0x110000; point += 1) {
      const character = String.fromCodePoint(point);
      const shown = clean(character) !== character;
      if (shown !== /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character)) other.push(point.toString(16));
    }
    expect(other).toEqual([]);
  });

  test('letters of any script stay', () => {
    expect(clean('Grüße, 世界, مرحبا')).toBe('Grüße, 世界, مرحبا');
  });

  test('JSON keeps its value and holds no harmful character', () => {
    const value = { 'na\u202eme': 'x\u009b\u{e0041}\n' };
    const json = safeJson(value, 2);
    expect(JSON.parse(json)).toEqual(value);
    expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(escapeJson('"a\u2028b"')).toBe('"a\\u2028b"');
  });

  test('a record is laid out, and shown as it is where it is nested too deep for that', () => {
    expect(prettyJson('{"a":["\u202e"]}')).toBe('{\n  "a": [\n    "\\u202e"\n  ]\n}');
    const deep = `${'['.repeat(100_000)}"\u202e"${']'.repeat(100_000)}`;
    expect(prettyJson(deep)).toBe(deep.replace('\u202e', '\\u202e'));
  });
});

describe('a record laid out', () => {
  test('keeps every digit, every key and every escape as it was delivered', () => {
    const record =
      '{"id":742241735434043393,"big":12345678901234567890123,"cents":1.10,"exp":1E5,"a":1,"a":"\\u0041\\/","e":{},"l":[ ],"t":true}';
    expect(prettyJson(record)).toBe(
      [
        '{',
        '  "id": 742241735434043393,',
        '  "big": 12345678901234567890123,',
        '  "cents": 1.10,',
        '  "exp": 1E5,',
        '  "a": 1,',
        '  "a": "\\u0041\\/",',
        '  "e": {},',
        '  "l": [],',
        '  "t": true',
        '}',
      ].join('\n'),
    );
  });

  test('says what JSON.parse reads, laid out as JSON.stringify lays out', () => {
    const value = { a: [1, [], {}, [{ b: 'x"{}[],: \\' }, null]], ' ': '\n', é: [[''], -1.5] };
    expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    expect(prettyJson(JSON.stringify(value, null, '\t'))).toBe(JSON.stringify(value, null, 2));
  });

  test('of 16 MB takes no deeper stack', () => {
    const long = `{"a":"${'\\"'.repeat(4_000_000)}"}`;
    expect(prettyJson(long)).toHaveLength(long.length + 5);
  });
});

describe('formats', () => {
  test('times, counts and spans read as people write them', () => {
    expect(day('2016-04-05T20:39:37Z')).toBe('2016-04-05 20:39:37');
    expect(day('2016-04-05T20:39:37.123Z')).toBe('2016-04-05 20:39:37');
    expect(day(null)).toBe('?');
    expect(plural(1, 'call')).toBe('1 call');
    expect(plural(2900, 'record')).toBe('2,900 records');
    expect([duration(140), duration(3210), duration(125_400)]).toEqual(['140 ms', '3.2 s', '2 min 5 s']);
    expect(shorten('abcdef', 4)).toBe('abc…');
  });

  test('columns stand below each other', () => {
    expect(
      columns([
        ['a', 'b', 'c'],
        ['long', '', 'x'],
      ]),
    ).toEqual(['a     b  c', 'long     x']);
  });

  test('a shell reads a word back as it was', () => {
    expect(shellWord('arn:aws:iam::1:user/a')).toBe('arn:aws:iam::1:user/a');
    expect(shellWord("it's $(x)")).toBe(`'it'\\''s $(x)'`);
  });
});

describe('a screen', () => {
  const recorder = (isTTY: boolean) => {
    const written: string[] = [];
    return { isTTY, columns: 20, written, write: (text: string) => written.push(text) > 0 };
  };

  test('colours only for a terminal, and not where they are unwanted', () => {
    const coloured = (isTTY: boolean, wanted: boolean, environment: NodeJS.ProcessEnv) =>
      paintFor({ isTTY }, wanted, environment).red('x') !== 'x';
    expect(coloured(true, true, {})).toBe(true);
    expect(coloured(false, true, {})).toBe(false);
    expect(coloured(true, false, {})).toBe(false);
    expect(coloured(true, true, { NO_COLOR: '1' })).toBe(false);
    expect(coloured(true, true, { NO_COLOR: '' })).toBe(true);
    expect(coloured(true, true, { TERM: 'dumb' })).toBe(false);
  });

  test('progress overwrites itself on a terminal, within its width, and is gone before an answer', () => {
    const [out, err] = [recorder(true), recorder(true)];
    const screen = new Screen(out, err, false);
    screen.progress('a line that is longer than the terminal is wide');
    screen.line('answer');
    expect(err.written).toEqual(['\r\u001b[2Ka line that is long', '\r\u001b[2K']);
    expect(out.written).toEqual(['answer\n']);
  });

  test('elsewhere progress is a line every few seconds', () => {
    const err = recorder(false);
    const screen = new Screen(recorder(false), err, true);
    for (const now of [10_000, 11_000, 13_500]) screen.progress(`at ${now}`, now);
    expect(err.written).toEqual(['at 10000\n', 'at 13500\n']);
  });
});
