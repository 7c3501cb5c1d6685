import { ShownChildren } from './shown-children.js';

describe('the children that a viewer has in its page', () => {
  const given = { sealed: 'given', html: '<p>a</p>' };

  it('are known by what they were given', () => {
    const children = new ShownChildren();
    children.show('a', given);
    children.begin();
    expect([children.of('a', 'given'), children.of('a', 'other'), children.of('b', 'given')]).toEqual([
      '<p>a</p>',
      undefined,
      undefined,
    ]);
  });

  it('are forgotten with the second render that does not show them, and have their size until then', () => {
    const children = new ShownChildren();
    const sizes = [children.bytes];
    children.show('a', given);
    sizes.push(children.bytes);
    children.begin();
    sizes.push(children.bytes);
    children.begin();
    sizes.push(children.bytes);
    expect(sizes).toEqual([0, 26, 26, 0]);
    expect(children.of('a', 'given')).toBeUndefined();
  });

  it('are not put down where there is no room', () => {
    const children = new ShownChildren();
    children.rests = true;
    children.show('a', given);
    expect(children.of('a', 'given')).toBeUndefined();
  });
});
