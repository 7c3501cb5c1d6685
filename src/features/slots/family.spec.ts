import { NOTHING_GIVEN } from '../../lifecycle/context/placed.js';
import { Placement } from '../../rendering/placement.js';
import { Rendered } from '../../rendering/rendered.js';
import { descentOf, type KnownChild, placementsOf, refuseDuplicates } from './family.js';

const card = (key?: string, slots = {}) =>
  new Placement({ component: 'card', key, slots, place: `list.hbs:${key ?? '?'}:1` });

describe('the children of an instance', () => {
  const idOf = (id: string, name: string, ...known: KnownChild) =>
    descentOf({ id, given: NOTHING_GIVEN }, name, known).id;

  it('have ids that follow from owner, name and generation', () => {
    expect(idOf('a', 'card#1', 0, '')).toBe(idOf('a', 'card#1', 0, 'whatever it was given'));
    const others = [
      idOf('b', 'card#1', 0, ''),
      idOf('a', 'card#2', 0, ''),
      idOf('a', 'card#1', 1, ''),
      idOf('a', 'card#1', 10, ''),
      idOf('a', 'card#1', 0, '', 1),
    ];
    expect(new Set([idOf('a', 'card#1', 0, ''), ...others]).size).toBe(6);
  });

  it('keep what stands in them when they are replaced before anybody has used them', () => {
    const owner = { id: 'a', given: NOTHING_GIVEN };
    const first = descentOf(owner, 'card', [0, '']);
    const second = descentOf(owner, 'card', [0, '', 1]);
    const inner = { id: second.id, given: { ...NOTHING_GIVEN, lineage: second.lineage } };

    expect(second.id).not.toBe(first.id);
    expect(descentOf(inner, 'leaf', [0, '']).id).toBe(idOf(first.id, 'leaf', 0, ''));
  });

  it('are those in slots, too, and before what they stand in', () => {
    const inner = card('inner');
    const outer = card('outer', { body: new Rendered(['<p>', '</p>'], [new Rendered(['', ''], [inner])]) });

    expect(placementsOf(new Rendered(['', 'x', ''], ['text', outer])).map(({ key }) => key)).toEqual([
      'inner',
      'outer',
    ]);
  });

  it('are refused where two would be one, with the places of both', () => {
    expect(() => refuseDuplicates([card('1'), card('2'), card()])).not.toThrow();
    expect(() => refuseDuplicates([card('1'), card('1')])).toThrow(
      /list\.hbs:1:1 has a second "card" with the key "1"/,
    );
    expect(() => refuseDuplicates([card(), card('1'), card()])).toThrow(/without a key.*first is at list\.hbs:\?:1/);
  });
});
