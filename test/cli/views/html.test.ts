import { html, lines } from '../../../cli/views/text/html.ts';

const hostile = `"><script>alert(1)</script>'\u001b[2J\u202egpj`;
const shown = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;\\u{1b}[2J\\u{202e}gpj';

describe('text in markup', () => {
  test('is escaped and made visible, in element, attribute and list', () => {
    expect(String(html`<p title="${hostile}">${hostile}${[hostile, [hostile]]}</p>`)).toBe(
      `<p title="${shown}">${shown}${shown}${shown}</p>`,
    );
  });

  test('markup of ours stays, what is not there leaves nothing', () => {
    expect(String(html`<p>${html`<b>${1}</b>`}${null}${undefined}${false}</p>`)).toBe('<p><b>1</b></p>');
  });

  test('keeps the lines of what we laid out, and nothing else', () => {
    expect(String(lines('a\n<b>\u202e'))).toBe('a\n&lt;b&gt;\\u{202e}');
  });
});
