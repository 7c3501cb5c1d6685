import type { PlacedChange } from './change.js';
import { parts, type Parts } from './parts.js';
import { invoke, property } from './unshadowed.js';
import type { PatchPart } from './wire.js';

/** What of the text between children goes along with one: that before it, that behind it, none. */
type Text = PatchPart[2];

const AFTER = 1;
const NONE = 2;

/** Shown by somebody else: what is in them has no places. */
const CLOSED = '[live-id],[live-ignore]';

const isText = (node: Node | null): node is ChildNode => !!node && !(node instanceof Element);

const unitOf = (child: Element, text: Text): readonly ChildNode[] => {
  const side = text === AFTER ? 'nextSibling' : 'previousSibling';
  const unit: ChildNode[] = [child];
  for (let node = property(child, side); text !== NONE && isText(node); node = property(node, side)) unit.push(node);
  return text === AFTER ? unit : unit.reverse();
};

const behind = (child: Element, text: Text): ChildNode | null => {
  let node = property(child, 'nextSibling');
  while (node && ((text === AFTER && isText(node)) || parts.isNotice?.(node))) node = property(node, 'nextSibling');
  return node;
};

/** The last HTML that came in an order, by the root of its component. */
const samples = new WeakMap<Element, string>();

/** HTML that is said by what is otherwise than in the last one. */
const likeSample = (sample: string, edits: readonly (number | string)[]): string => {
  let [html, at] = ['', 0];
  for (let next = 0; next < edits.length; next++) {
    html += sample.slice(at, (at += edits[next++] as number));
    const gone = typeof edits[next] === 'number' ? (edits[next++] as number) : undefined;
    const come = edits[next] as string;
    html += come;
    at += gone ?? come.length;
  }
  return html + sample.slice(at);
};

/** Children in the order that the server says. */
export const arrange: Required<Parts>['arrange'] = (places, change, order, parse) => {
  const { from, at, behind: end, what: text } = change;
  const [root] = places;
  const children: number[] = [];
  for (let place = at + 1; place < end; place++)
    if (property(places[place], 'parentElement') === from) children.push(place);
  const ranks = new Map(children.map((place, rank) => [place, rank]));
  // The root is nobody's child: 0 is the last one.
  ranks.set(0, children.length - 1);

  /** In the new order: HTML of those that come, ranks of those that stay beside each other. */
  const items: (DocumentFragment | readonly [first: number, last: number])[] = [];
  for (let index = 0; index < order.length; index++) {
    const one = order[index];
    if (typeof one !== 'number') {
      const html = typeof one === 'string' ? one : likeSample(samples.get(root)!, one);
      samples.set(root, html);
      items.push(parse(html));
    } else {
      const [first, last] = [one && ranks.get(one), ranks.get(one && (order[++index] as number))];
      if (first === undefined || last === undefined) return;
      items.push([first, last]);
    }
  }
  const olds = children.map((place) => places[place]);
  const elementsOf = (first: number, last: number) => olds.slice(first, last + 1);
  /** Of what comes, its elements: the fragment itself is empty then. */
  const entered = new Map<unknown, readonly Element[]>();

  const show: Required<PlacedChange>['list']['show'] = (enter) => {
    const kept = items.flatMap((item) => (item instanceof Node ? [] : elementsOf(...item)));
    const keeps = new Set(kept);
    for (const old of olds) if (!keeps.has(old)) for (const node of unitOf(old, text)) invoke(node, 'remove');
    const stays = parts.staying!(kept, olds);
    let cursor = text ? (olds.find((old) => keeps.has(old)) ?? null) : property(from, 'firstChild');
    for (const item of items) {
      if (item instanceof Node) {
        entered.set(item, [...property(item, 'children')]);
        for (const node of [...property(item, 'childNodes')]) enter(from, node, cursor);
        continue;
      }
      const run = elementsOf(...item);
      if (run.every((child) => stays.has(child))) {
        cursor = behind(run.at(-1)!, text);
        continue;
      }
      for (const child of run) {
        const unit = unitOf(child, text);
        // Moving keeps media and frames alive; only newer browsers can.
        if (!stays.has(child) && !unit.includes(cursor!))
          for (const node of unit)
            (property(from, 'moveBefore') ?? property(from, 'insertBefore')).call(from, node, cursor);
        else cursor = behind(child, text);
      }
    }
  };

  return {
    ...change,
    wanted: from,
    list: {
      show,
      placed: (now, placesOf) => [
        from,
        ...items.flatMap((item) =>
          item instanceof Node
            ? entered.get(item)!.flatMap((one) => (invoke(one, 'matches', CLOSED) ? one : placesOf(one)))
            : now.slice(children[item[0]], children[item[1] + 1] ?? end).flat(),
        ),
      ],
    },
  };
};
