/** Strings that break out of text, attributes, addresses, templates and terminals when nobody minds them. */
export const nasty: readonly string[] = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  `'><img src=x onerror=alert(1)>`,
  '<svg/onload=alert(1)>',
  '</textarea><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '" autofocus onfocus=alert(1) x="',
  `' onmouseover='alert(1)`,
  'javascript:alert(1)',
  '<a href="javascript:alert(1)">x</a>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<base href="https://elsewhere.example/">',
  '<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">',
  '<form action="https://elsewhere.example/"><button>go</button></form>',
  '<style>*{display:none}</style>',
  '<!--',
  ']]>',
  '{{ 7 * 7 }}',
  '{% set x = 1 %}',
  '{{ range.constructor("return 1")() }}',
  '${7*7}',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u202e gnp.exe',
  '\u2028alert(1)',
  '＜script＞alert(1)＜/script＞',
  "Robert'); drop table offender;--",
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<input onfocus=alert(1) autofocus>',
  '`-alert(1)-`',
  "O'Brien & Söhne <Ltd>",
  '=HYPERLINK("https://elsewhere.example","x")',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '\u2067<b onclick=alert(1)>ab\u2069',
  'e\u0301\u0300\u0302\u0323\u0330',
  'W'.repeat(60),
  '#{7*7}',
  '<%= 7*7 %>',
  "{{constructor.constructor('alert(1)')()}}",
  '{% raw %}',
  'x%0d%0aSet-Cookie: planted=1',
  '\u061c\u200f\u202b<u>\u2066',
]

/** Characters that nothing can be kept with. */
export const unkeepable: readonly string[] = ['Before\0after', 'Before\ufffdafter']

/** What splits a header, where one is made of it. */
export const splitting = 'Before\r\nSet-Cookie: planted=1\r\n\r\n<script>alert(1)</script>'

/** All of them in one text, which one field holds. */
export const nastyText = nasty.join(' ¦ ')

/** What stands between the tags of a page, and between the quotes of its attributes, read back as a browser reads it. */
export const readBack = (html: string): string =>
  html
    .replaceAll(/&#39;/g, "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#96;', '`')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
