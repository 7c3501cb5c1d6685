import { refuseOutsideElements } from './element-places.js';
import { Placement, type Tree } from './placement.js';
import type { Rendered } from './rendered.js';

/** A component that stands in another one's slot, as it is remembered with the slot: never its HTML, which grows old. */
export interface Kept {
  readonly component: string;
  readonly id: string;
  /** Its encoded props and slots. */
  readonly sealed: string;
  /** What it was given may be secret: then so is whatever holds this. */
  readonly secret?: boolean;
}

/** The same with where it stands: a position, so that no text in the slot can mean one. */
export interface Place extends Kept {
  readonly slot: string;
  /** How much of the slot's text is in front of it. */
  readonly at: number;
}

/** What a placement has become. */
export interface PlacedHtml {
  readonly html: string;
  /** Absent for what stands in no slot for long: a notice, a shared instance. */
  readonly place?: Kept;
}

/** The same with the HTML it has just been rendered to. */
export interface SlottedHtml extends Place {
  readonly html: string;
}

/** Slot contents ready to be sealed: text, and what stands between it, in its order. */
export interface SlotContents {
  readonly slots: Readonly<Record<string, string>>;
  readonly places: readonly SlottedHtml[];
}

/** A slot's text with what `html` gives for each of the places that are its own. */
export const withPlaces = (
  slot: string,
  { text, places, html }: { text: string; places: readonly Place[]; html: (index: number) => string },
): string => {
  let filled = '';
  let from = 0;
  places.forEach(({ slot: own, at }, index) => {
    if (own !== slot) return;
    filled += text.slice(from, at) + html(index);
    from = at;
  });
  return filled + text.slice(from);
};

/** Where a placement stands: what stands in a slot is shown again with the component around it. */
export type Standing = 'template' | 'slot';

type Mount = (placement: Placement, contents: SlotContents, standing: Standing) => Promise<PlacedHtml>;

/** What a text in a slot is made of: text, and what stands in a slot of whoever hands it on. */
type HandOn = (text: string) => Promise<readonly (string | PlacedHtml)[]>;

interface Filling {
  readonly mount: Mount;
  readonly handOn: HandOn;
}

const nothing: HandOn = (text) => Promise.resolve([text]);

/**
 * Mounts what a template asked for, side by side, but what stands in a slot before the component around it, because
 * slot contents are sealed with their component.
 */
const mountPlacements = async (
  rendered: Tree,
  filling: Filling,
  standing: Standing,
): Promise<readonly PlacedHtml[]> => {
  refuseOutsideElements(rendered);
  return Promise.all(
    rendered
      .placements()
      .map(async (placement) => filling.mount(placement, await slotContents(placement.slots, filling), standing)),
  );
};

/** A template with everything it asked for in place. */
export const fillPlacements = async (rendered: Rendered, mount: Mount, handOn = nothing): Promise<Rendered> =>
  rendered.fill((await mountPlacements(rendered, { mount, handOn }, 'template')).map(({ html }) => html));

const slotContents = async (given: Placement['slots'], filling: Filling): Promise<SlotContents> => {
  const places: SlottedHtml[] = [];
  const slots: Record<string, string> = {};
  for (const [slot, content] of Object.entries(given)) {
    const mounted = await mountPlacements(content, filling, 'slot');
    let next = 0;
    let text = '';
    for (const piece of content.pieces()) {
      const parts = typeof piece === 'string' ? await filling.handOn(piece) : [];
      for (const part of piece instanceof Placement ? [mounted[next++]] : parts) {
        if (typeof part === 'string') text += part;
        else if (part.place) places.push({ ...part.place, slot, at: text.length, html: part.html });
        else text += part.html;
      }
    }
    slots[slot] = text;
  }
  return { slots, places };
};
