import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import { type Node, parse } from 'parse5';

import { registerBuiltInHelpers } from '../../src/rendering/built-in-helpers.js';
import { NO_PROTOTYPES } from '../../src/rendering/compiled-template.js';
import { Markup } from '../../src/rendering/safe-html.js';
import { TemplateLibrary } from '../../src/rendering/template-library.js';
import { randomTemplate, TRAPS } from './random-template.js';
import { RUNS } from './runs.js';

const BENIGN = 'benign';
const HOSTILE = [
  ...[
    '"',
    "'",
    '>',
    '">',
    "'>",
    '-->',
    '--',
    '--!',
    '<!--',
    ']]>',
    '</',
    '</script>',
    '</style>',
    '</title>',
    '`',
    '=',
  ],
  ...[
    '</textarea>',
    '</noscript>',
    '</svg>',
    'e',
    'pt',
    'title',
    'script',
    '/',
    '/a ',
    'x=1 onclick=',
    ' onload=',
    ';',
  ],
  ...[
    'javascript:',
    ' JaVa\tScRiPt:',
    '\u0001javascript:',
    'script:',
    'javascript',
    '&colon;',
    'data:text/html,',
    '0;',
  ],
  ...['url(', '<img src=x onerror=', '<svg onload=', '{{x}}', '&quot;', '&#34;', '\\', 'red;', "0;url='javascript:"],
];
const CANARY = 'evil()';
const hostile = fc
  .array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 3 })
  .chain((parts) => fc.nat(parts.length).map((at) => parts.toSpliced(at, 0, CANARY).join('')));

const env = Handlebars.create();
registerBuiltInHelpers(env);
env.registerHelper('bold', (text: string) => new env.SafeString(`<b class="a">${env.escapeExpression(text)}</b>`));
const partials = { frame: '<i title="a">{{> @partial-block}}</i>', value: '{{x}}' };

type Values = Readonly<Record<'x' | 'y', string>>;

/** The template's answer to some data, or nothing when the template is refused. */
function accepted(source: string): ((values: Values, chosen: object) => string) | undefined {
  try {
    // Each time anew, for the check writes on the partials.
    const library = new TemplateLibrary(env, { folders: [], partials, development: false });
    const { run } = library.compile(source, 'random');
    return ({ x, y }, chosen) => {
      const slots = { default: new Markup(`<u id="a">${env.escapeExpression(x)}</u>`) };
      return run(
        {
          x,
          y,
          slots,
          ...chosen,
          list: [
            { x, y, slots, ...chosen },
            { x: y, y: x, slots },
          ],
        },
        NO_PROTOTYPES,
      );
    };
  } catch (error) {
    if (/TEMPLATE_UNSAFE_CONTEXT|TEMPLATE_INVALID/.test((error as Error).message)) return undefined;
    throw error;
  }
}

interface Seen {
  /** Elements, names of attributes and comments, in order. */
  readonly skeleton: string;
  /** Data where it is run. */
  readonly run: readonly string[];
}

const RUNS_AS_ADDRESS = /^(?:javascript|vbscript):|^data:text\/html/i;
const DATA_BLOCK = /json/;

function seenBy(html: string, scriptingEnabled: boolean): Seen {
  const skeleton: string[] = [];
  const run: string[] = [];
  const look = (node: Node): void => {
    if (node.nodeName === '#comment') skeleton.push('!--');
    if (node.tagName !== undefined) {
      const names = (node.attrs ?? []).map(({ name }) => name);
      skeleton.push(`<${[node.tagName, ...names].join(' ')}>`);
      run.push(...runIn(node));
    }
    for (const child of node.childNodes ?? []) look(child);
    if (node.content !== undefined) look(node.content);
    if (node.tagName !== undefined) skeleton.push(`</${node.tagName}>`);
  };
  look(parse(html, { scriptingEnabled }));
  return { skeleton: skeleton.join(''), run };
}

function runIn({ tagName = '', attrs = [], childNodes = [] }: Node): readonly string[] {
  const type = attrs.find(({ name }) => name === 'type')?.value ?? '';
  const isCode = tagName === 'style' || (tagName === 'script' && !DATA_BLOCK.test(type));
  const text = isCode ? childNodes.map(({ value = '' }) => value).filter((value) => value.includes('evil')) : [];
  const values = attrs.filter(({ name, value }) => {
    if (/^(?:on|hx-on)|^srcdoc$/.test(name)) return value.includes('evil');
    if (name === 'style') return /url\(|;.*evil|evil.*;/.test(value) && value.includes('evil');
    return addressesIn(value, tagName, name).some((address) => RUNS_AS_ADDRESS.test(address.replace(IGNORED, '')));
  });
  return [...text, ...values.map(({ name, value }) => `${name}=${value}`)];
}

// eslint-disable-next-line no-control-regex -- control characters are the point
const IGNORED = /[\u0000-\u0020]/g;

function addressesIn(value: string, tag: string, name: string): readonly string[] {
  if (/^(?:href|xlink:href|src|action|formaction)$/.test(name) || `${tag} ${name}` === 'object data') return [value];
  if (name === 'srcset') return value.split(/[\s,]+/);
  if (tag === 'animate' && /^(?:to|values)$/.test(name)) return value.split(';');
  if (tag !== 'meta' || name !== 'content') return [];
  return [/^[\s\d.]+[;,\s]*(?:url\s*=)?\s*["']?(.*)/is.exec(value)?.[1] ?? ''];
}

interface Trial {
  readonly source: string;
  readonly given: readonly Values[];
  readonly flags: object;
}

/** Fails when one of the values is more than a value; answers whether the template was accepted with data in it. */
function tryOut({ source, given, flags }: Trial): 'refused' | 'empty' | 'tried' {
  const print = accepted(source);
  if (print === undefined) return 'refused';
  const harmless = print({ x: BENIGN, y: BENIGN }, flags);
  for (const scripting of [true, false]) {
    const before = seenBy(harmless, scripting);
    for (const one of given) {
      const html = print(one, flags);
      const { skeleton, run } = seenBy(html, scripting);
      // What the template's own text runs is its own affair.
      const escaped = run.filter((what) => !before.run.includes(what));
      expect({ source, html, skeleton, escaped }).toEqual({ source, html, skeleton: before.skeleton, escaped: [] });
    }
  }
  return harmless.includes(BENIGN) ? 'tried' : 'empty';
}

describe('a template that is accepted', () => {
  it('lets no value out of its place, whatever the template and the value are', () => {
    const count = { refused: 0, empty: 0, tried: 0 };
    const given = fc.array(fc.record({ x: hostile, y: hostile }), { minLength: 3, maxLength: 3 });
    const flags = fc.record({ a: fc.boolean(), b: fc.boolean() });
    fc.assert(
      fc.property(fc.record({ source: randomTemplate, given, flags }), (trial) => {
        count[tryOut(trial)] += 1;
      }),
      { numRuns: RUNS * 3 },
    );
    expect(count.tried).toBeGreaterThan(RUNS / 4);
    expect(count.refused).toBeGreaterThan(RUNS / 4);
  });

  it('lets none out where a browser may read the template in two ways', () => {
    const values = HOSTILE.flatMap((text) => [`${CANARY}${text}`, `${text}${CANARY}`]);
    const given = values.map((x) => ({ x, y: BENIGN }));
    const outcomes = TRAPS.map((text) =>
      tryOut({ source: text.replaceAll(/#(?!\w)/g, '{{x}}'), given, flags: { a: 1 } }),
    );
    expect(new Set(outcomes)).toEqual(new Set(['refused', 'tried']));
  });

  it('would be found out', () => {
    const seen = (html: string) => seenBy(html, true);
    expect(seen('<p title="a"></p>').skeleton).not.toBe(seen('<p title="a" onclick="b"></p>').skeleton);
    expect(seen('<script>evil()</script>').run).toEqual(['evil()']);
    expect(seen('<script type="application/json">"evil()"</script>').run).toEqual([]);
    expect(seen('<p onclick="evil()"></p>').run).toEqual(['onclick=evil()']);
    expect(seen('<a href=" java\tscript&colon;evil()"></a>').run).toHaveLength(1);
    expect(seen('<meta content="0; URL=\'javascript:evil()\'">').run).toHaveLength(1);
  });
});
