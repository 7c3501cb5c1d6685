import fc from 'fast-check';

const INLINE = ['span', 'b', 'em', 'output', 'button', 'label', 'a'];
const BLOCK = ['div', 'section', 'p', 'ul', 'table', 'select', 'form', 'h2', 'pre', 'dl', 'details', 'x-card'];
const LONE = ['<br>', '<hr>', '<input name="n">', '<input value=v/>', '<img src="/a.png" alt=\'"\'>'];
const APART = [
  '<svg viewBox="0 0 9 9"><path d="M0 0"/><g><circle r=1 /></g></svg>',
  '<textarea name="t"><b>text</textarea>',
  '<style>a > b {}</style>',
  '<!-- a > b -->',
  '<p live-ignore><i>theirs</i></p>',
  '<article live-id="child" live-component="child"><b>its own</b></article>',
  '<select name="s"><option value="1">1<option selected>2</select>',
  '<table><tr><td>no body</td></tr></table>',
  '<table><tr><td>a</td></tr><tbody><tr><td>b</td></tr></tbody></table>',
  '<ul><li>no end<li>here</ul>',
  '<p>one<p>two',
  '<b>crossed <i>over</b></i>',
  '<dl><div><dt>t</dt><dd>d</dd></div></dl>',
  '<textarea>\n\nlines</textarea>',
  '<a href="/">a<a href="/">b</a></a>',
  '<template><b>t</b></template>',
  '<table>astray<tr><td>x</td></tr></table>',
];

/** A piece of two renders: what the one has there, and what the other has. */
type Twice = readonly [before: string, after: string];
type Random = fc.Arbitrary<Twice>;

const same = (text: string): Twice => [text, text];
const both = (all: readonly Twice[], between = ''): Twice => [
  all.map(([before]) => before).join(between),
  all.map(([, after]) => after).join(between),
];
/** Pieces between texts that are the same in both. */
const put = ([first, ...texts]: readonly string[], ...pieces: readonly Twice[]): Twice =>
  both([same(first), ...pieces.flatMap((piece, i) => [piece, same(texts[i])])]);

const text = fc.constantFrom('', '0', '1', '42', 'Ann', '&lt;b&gt;', '&amp;', ' ', '\n', '\nx', 'a b');
const oneOf = (...all: readonly string[]): Random => fc.constantFrom(...all).map(same);

/** What a template prints of data: mostly the same as before. */
const value: Random = fc.oneof({ arbitrary: text.map(same), weight: 3 }, fc.tuple(text, text));

const attribute: Random = fc.oneof(
  fc
    .tuple(fc.constantFrom('class', 'title', 'data-x', 'href'), value)
    .map(([name, of]) => put([` ${name}="`, '"'], of)),
  oneOf(' disabled', " title='a>b'", ' live-click="go"', '\n id=i '),
  fc.constantFrom<Twice>(['', ' class=x'], [' disabled', ''], [' live-click="go"', ' live-click="stop"']),
);
const attributes: Random = fc.oneof({ arbitrary: fc.constant(same('')), weight: 2 }, attribute);

const KEYS = ['live-key="a"', 'live-key="b"', "live-key='c'", 'id="d"', 'id=e1', 'data-key="f"', 'live-key="g"'];

/** Rows of both renders, by their keys, with the text that stands around each. */
const listOf = (rowOf: (key: string) => Random): Random => {
  const keys = fc.shuffledSubarray(KEYS.map((key) => ` ${key}`));
  const unnamed = fc.array(fc.constantFrom('', ' class="on"'), { maxLength: 4 });
  const mixed = fc.array(fc.constantFrom(...KEYS.slice(0, 3).map((key) => ` ${key}`), ''), { maxLength: 5 });
  const around = fc.constantFrom(['', ''], ['\n ', ''], ['', '\n'], ['<!-- row -->', ''], ['\n', ' ']);
  return fc
    .tuple(
      fc.oneof(
        fc.tuple(keys, keys),
        unnamed.map((all): [string[], string[]] => [all, all]),
        fc.tuple(unnamed, unnamed),
        fc.tuple(mixed, mixed),
      ),
      around,
      fc.constantFrom('', '\n', ' '),
    )
    .chain(([[olds, news], [left, right], between]) =>
      fc.tuple(fc.tuple(...olds.map(rowOf)), fc.tuple(...news.map(rowOf))).map(([one, other]): Twice => {
        const rows = new Map(one.map(([before], i) => [olds[i], before]));
        return [
          one.map(([before]) => left + before + right).join(between),
          // Most rows that stay have not changed.
          other
            .map(([before, after], i) => left + (before === after ? (rows.get(news[i]) ?? after) : after) + right)
            .join(between),
        ];
      }),
    );
};
const row = (key: string): Random =>
  fc.tuple(value, value).map(([a, b]) => put([`<tr${key}><td>`, '</td>\n<td class="', '"></td></tr>'], a, b));
const item = (key: string): Random =>
  fc.oneof(
    value.map((of) => put([`<li${key}>`, '</li>'], of)),
    fc
      .tuple(value, value)
      .map(([a, b]) => put([`<li${key}><input name="n${key.length}" value="`, '">', '</li>'], a, b)),
  );
const group = (key: string): Random =>
  fc
    .tuple(value, listOf(item))
    .map(([of, all]) => put([`<section${key}><h2>`, '</h2><ul>', '</ul></section>'], of, all));

const { node } = fc.letrec<{ node: Twice }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    value,
    oneOf(...LONE),
    fc.tuple(fc.constantFrom(...INLINE), attributes, value).map(([n, a, t]) => put([`<${n}`, '>', `</${n}>`], a, t)),
    fc
      .tuple(listOf(row), fc.constantFrom('<tbody>', '\n'))
      .map(([all, body]) => put([`<table>${body}`, `${body.replace('<', '</')}</table>`], all)),
    fc
      .tuple(listOf(item), fc.constantFrom('', '\n', '<li>first</li>\n'))
      .map(([all, start]) => put([`<ul>${start}`, '\n</ul>'], all)),
    fc.tuple(listOf(group), fc.constantFrom('', '\n')).map(([all, end]) => put(['<div>', `${end}</div>`], all)),
    value.map((of) => put(['<textarea name="t">', '</textarea>'], of)),
    // A branch that is there in one of them alone.
    fc
      .tuple(tie('node'), fc.boolean())
      .map(([[before, after], isFirst]): Twice => (isFirst ? [before, ''] : ['', after])),
    fc
      .tuple(fc.constantFrom(...BLOCK, ...INLINE), attributes, fc.array(tie('node'), { maxLength: 4 }))
      .map(([n, a, c]) => put([`<${n}`, '>', `</${n}>`], a, both(c))),
    { arbitrary: oneOf(...APART), weight: 1 },
  ),
}));

/** Two renders of a component, mostly as people write it, that mostly differ in little. */
export const twoRenders: Random = fc
  .tuple(attributes, fc.array(node, { maxLength: 5 }), fc.constantFrom('', '\n'))
  .map(([tag, all, space]) => put(['<div live-id="c"', `>${space}`, `${space}</div>${space}`], tag, both(all, space)));
