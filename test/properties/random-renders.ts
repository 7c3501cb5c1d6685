import fc from 'fast-check';
import Handlebars from 'handlebars';

const EACH = [
  ['<ul>\n  {{#each rows}}\n  <li live-key="{{id}}">{{name}}</li>\n  {{/each}}\n</ul>'],
  ['<ul>{{#each rows}}<li id="row-{{id}}"><b>{{name}}</b> {{count}}</li>{{/each}}</ul>'],
  ['<ul>\n{{#each rows}}<li live-key={{id}}>{{name}}</li>{{/each}}\n</ul>'],
  ['<ol>{{#each rows}}\n<li>{{name}}</li>{{/each}}</ol>'],
  ['<p>{{#each rows}}<b id="b{{id}}">{{name}}</b>{{#unless @last}}, {{/unless}}{{/each}}</p>'],
  ['<table>{{#each rows}}<tr live-key="{{id}}"><td>{{name}}</td><td>{{count}}</td></tr>\n{{/each}}</table>'],
  [
    '<table><tbody>{{#each rows}}\n<tr live-key="{{id}}" class="{{tone}}"><td>{{name}}</td></tr>{{/each}}</tbody></table>',
  ],
  ['<dl>{{#each rows}}<dt live-key="t{{id}}">{{name}}</dt><dd live-key="d{{id}}">{{count}}</dd>{{/each}}</dl>'],
  ['<div>{{#each rows}}<section live-key="{{id}}"><h2>{{name}}</h2>', '</section>{{/each}}</div>'],
  [
    '<form>{{#each rows}}<label live-key="{{id}}">{{name}}<input name="n{{@index}}" value="{{count}}"></label>{{/each}}</form>',
  ],
  ['<select name="s">{{#each rows}}<option value="{{id}}">{{name}}</option>{{/each}}</select>'],
  ['<svg viewBox="0 0 9 9">{{#each rows}}<circle r="{{count}}" />{{/each}}</svg>'],
  ['<pre>\n{{#each rows}}<b live-key="{{id}}">{{name}}</b>{{/each}}</pre>'],
  ['<textarea name="t">{{#each rows}}{{name}}\n{{/each}}</textarea>'],
] as const;

const LONE = [
  '<h1 class="{{tone}}">{{title}}</h1>',
  '{{#if open}}<aside>{{title}}</aside>{{else}}<p>{{count}}</p>{{/if}}',
  '{{#if open}}<b live-key="0">{{title}}</b>{{/if}}',
  '{{title}} <i>{{count}}</i>',
  '<button live-click="go"{{#if open}} disabled{{/if}}>{{title}}</button>',
  '{{#with rows.[0]}}<p id="first">{{name}}</p>{{/with}}',
];

const { template } = fc.letrec<{ template: string }>((tie) => ({
  template: fc
    .array(
      fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(...LONE),
        fc
          .tuple(fc.constantFrom(...EACH), tie('template'))
          .map(([[start, end], inner]) => (end === undefined ? start : start + inner + end)),
      ),
      { maxLength: 3 },
    )
    .map((all) => all.join('\n')),
}));

const name = fc.constantFrom('Ann', 'Bob', '', '<b>', 'a & b', 'Ünï');
const count = fc.nat(20);
const row = fc.record({ id: fc.nat(12), name, count, tone: fc.constantFrom('', 'loud') });
const rows = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 9 });
const data = fc.record({ title: name, count, open: fc.boolean(), tone: fc.constantFrom('calm', 'loud'), rows });

type Row = { readonly id: number; readonly name: string; readonly count: number; readonly tone: string };

/** As people change a list: rows go, come, move, and some say something else. */
const changed = (olds: readonly Row[]): fc.Arbitrary<readonly Row[]> =>
  fc
    .tuple(fc.shuffledSubarray([...olds]), fc.subarray([...olds]), rows, fc.boolean())
    .map(([moved, left, others, moves]) => {
      const stay = moves ? moved : left;
      const known = new Set(stay.map(({ id }) => id));
      const coming = others.filter(({ id }) => !known.has(id)).slice(0, 2);
      return [...stay.map((one, i) => (i % 3 ? one : { ...one, count: one.count + 1 })), ...coming];
    });

/** Two renders of one template, of data that mostly is the same. */
export const rendersOfTemplate: fc.Arbitrary<readonly [before: string, after: string]> = fc
  .tuple(template, data)
  .chain(([text, before]) =>
    fc
      .tuple(changed(before.rows), fc.constantFrom('title', 'count', 'open', 'tone'), data)
      .map(([next, field, other]) => {
        const render = Handlebars.compile(`<div live-id="c">${text}</div>`);
        return [render(before), render({ ...before, [field]: other[field as 'title'], rows: next })] as const;
      }),
  );
