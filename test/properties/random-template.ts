import fc from 'fast-check';

const HOLES = [
  ...['{{x}}', '{{y}}', '{{x}}{{y}}', '{{json x}}', '{{url x}}', '{{bold x}}', '{{lookup . "x"}}', '{{> value}}'],
];
const REFUSED = ['{{{x}}}', '{{&x}}', '{{#lookup . "x"}}{{/lookup}}', '{{slots.default}}'];
const STARTS = [
  ...['<p', '<a', '<b', '<svg', '<math', '<select', '<option', '<table', '<td', '<template', '<img', '<iframe'],
  ...['<object', '<base', '<meta http-equiv="refresh"', '<script', '<script type="application/json"', '<style'],
  ...['<textarea', '<title', '<noscript', '<xmp', '<form', '<button', '<animate', '<use', '<desc', '<foreignObject'],
];
const ENDS = [
  ...['</p>', '</a>', '</svg>', '</math>', '</select>', '</table>', '</template>', '</iframe>', '</script>'],
  ...['</style>', '</textarea>', '</title>', '</noscript>', '</xmp>', '</form>', '</desc>', '</titl', '</scrip'],
];
const NAMES = [
  ...['title', 'href', 'src', 'onclick', 'ONLOAD', 'style', 'xlink:href', 'srcset', 'action', 'formaction', 'data'],
  ...['srcdoc', 'data-x', 'content', 'values', 'to', 'id', 'hx-on:click'],
];
const SIGNS = [
  ...[
    '<',
    '>',
    '/',
    '=',
    '"',
    "'",
    ' ',
    '\n',
    '-',
    '--',
    '!',
    '!--',
    '?',
    '&',
    '&#',
    ';',
    ':',
    '</',
    '/>',
    '->',
    '-->',
  ],
  ...['--!>', '<!--', '<!', '<![CDATA[', ']]>', 'a', 'on', 'script', 'title', 'java', 'javascript:', 'url(', '0;url='],
];

/** What a browser may read in two ways; `#` is where data stands. */
export const TRAPS = [
  ...[
    '<!--#><b>-->',
    '<!--# -->#',
    '<!-- #-->',
    '<!-- #--!>#',
    '<!--->#-->',
    '<!-#->',
    '<?#>',
    '</#>',
    '<title></titl#',
  ],
  ...['<svg><style><a onclick="</style>#"></style></svg>', '<svg><title><a onclick="</title>#"></title></svg>'],
  ...['<noscript><p title="</noscript><script>#"></p></noscript>', '<noscript><!--</noscript># --></noscript>'],
  ...['<select><title><p onclick="</title>#"></select>', '<select><style><p onclick="</style>#"></select>'],
  ...['<svg><script type="application/json">#</script></svg>', '<svg><script>"<p onclick="</script>#"</script></svg>'],
  ...['<textarea><!-- </textarea>#-->', '<title>#</title>#', '<svg><![CDATA[>#]]></svg>', '<math><mtext><style>#'],
  ...[
    '<p title="{{bold x}}#">',
    "<p title='{{bold x}}#'>",
    '<textarea>{{bold x}}#</textarea>',
    '<p id="a"#>',
    '<p =#>',
  ],
  ...['<p title="{{#with slots}}{{default}}{{/with}}">', '<p title="{{lookup slots "default"}}">', '<p a =\'#\'b="#">'],
  ...['<script type="application/json">{{json x}}</script>#', '<script><!-- <script> </script># --></script>'],
  ...[
    '<a href="java#">',
    '<a href="&#106;ava#">',
    '<a href={{#if a}}"#"{{else}}"/#"{{/if}}>',
    '<a hr{{#if a}}ef{{/if}}="#">',
  ],
];
const hole = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...HOLES) },
  { weight: 1, arbitrary: fc.constantFrom(...REFUSED, '{{#with slots}}{{default}}{{/with}}') },
);
const noise = fc.constantFrom(...SIGNS, ...ENDS, ...STARTS);

/** Templates of all kinds: about half of them are refused. */
export const { piece: randomTemplate } = fc.letrec<
  Record<'piece' | 'body' | 'value' | 'attribute' | 'element' | 'trap', string>
>((tie) => ({
  value: fc
    .array(fc.oneof({ weight: 5, arbitrary: hole }, fc.constantFrom(...SIGNS)), { minLength: 1, maxLength: 2 })
    .map(join),
  attribute: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...NAMES),
          fc.constantFrom('="#"', '="#"', '="#"', '="#"', "='#'", '=#', ' = "#"'),
          tie('value'),
        )
        .map(([name, form, value]) => name + form.replace('#', () => value)),
    },
    { weight: 1, arbitrary: tie('attribute').map((text) => `{{#if a}}${text}{{/if}}`) },
    { weight: 1, arbitrary: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('id="a"', 'b') }, hole, noise) },
  ),
  element: fc
    .tuple(
      fc.constantFrom(...STARTS),
      fc.array(tie('attribute'), { maxLength: 2 }).map((texts) => texts.map((text) => ` ${text}`).join('')),
      fc.constantFrom('>', '>', '>', '>', '>', '>', '/>', ''),
      tie('body'),
      fc.boolean(),
    )
    .map(([start, attributes, end, body, closed]) => {
      const name = /^<([\w]+)/.exec(start)?.[1] ?? '';
      return start + attributes + end + body + (closed ? `</${name}>` : '');
    }),
  trap: fc
    .tuple(fc.constantFrom(...TRAPS), fc.array(tie('value'), { minLength: 2, maxLength: 2 }))
    .map(([text, values]) => values.reduce((filled, value) => filled.replace(/#(?![\w])/, () => value), text)),
  body: fc
    .array(
      fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        { weight: 3, arbitrary: hole },
        { weight: 6, arbitrary: tie('element') },
        noise,
        { weight: 2, arbitrary: tie('trap') },
        tie('body').map((text) => `{{#if a}}${text}{{/if}}`),
        fc.tuple(tie('body'), tie('body')).map(([one, other]) => `{{#if b}}${one}{{else}}${other}{{/if}}`),
        tie('body').map((text) => `{{#each list}}${text}{{/each}}`),
        tie('body').map((text) => `{{#> frame}}${text}{{/frame}}`),
        tie('body').map((text) => `{{#*inline "row"}}${text}{{/inline}}{{> row}}`),
      ),
      { maxLength: 3 },
    )
    .map(join),
  piece: tie('body').map((text) => text),
}));

function join(texts: readonly string[]): string {
  return texts.join('');
}
