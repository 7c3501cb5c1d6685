import { endOfRootName, RootPlace, withRootAttributes } from './root-attributes.js';

const ids = { 'live-id': 'i1', 'live-component': 'counter' };

describe('withRootAttributes', () => {
  it.each([
    ['<div>x</div>', '<div live-id="i1" live-component="counter">x</div>'],
    ['<br/>', '<br live-id="i1" live-component="counter"/>'],
    [
      '\n <!-- <p> --> <!---->\n<my-tag a="1"></my-tag>',
      '\n <!-- <p> --> <!---->\n<my-tag live-id="i1" live-component="counter" a="1"></my-tag>',
    ],
    ['<ul\n class="a"></ul>', '<ul live-id="i1" live-component="counter"\n class="a"></ul>'],
  ])('writes after the tag name of %j', (html, expected) => {
    expect(withRootAttributes(html, ids)).toBe(expected);
  });

  it('escapes values and leaves out what is undefined', () => {
    const html = withRootAttributes('<p></p>', { 'live-id': '"><b>&', 'live-component': 'x', 'live-state': undefined });

    expect(html).toBe('<p live-id="&quot;&gt;&lt;b&gt;&amp;" live-component="x"></p>');
  });

  it.each(['', 'text', '<!-- open', '< p>', '</p>'])('returns %j unchanged', (html) => {
    expect(withRootAttributes(html, ids)).toBe(html);
  });
});

describe('RootPlace', () => {
  it("is where the root's name ends, whatever was rendered before", () => {
    const place = new RootPlace();
    const [div, longer, closed] = ['<div class="a"></div>', '<div-x></div-x>', '<div></div>'];
    const commented = ['<!-- <p> --><div >', '<!-- <p> --><b>', '<!-- <p> -->'];
    const renders = [
      div,
      longer,
      div,
      div,
      closed,
      'text',
      '',
      div,
      ...commented,
      '<br/>',
      '<br>',
      '<!-- open',
      '<b\n>',
    ];
    expect(renders.map((html) => place.in(html))).toEqual(renders.map(endOfRootName));
  });
});
