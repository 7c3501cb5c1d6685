import { refuseOutsideElements } from './element-places.js';
import { Placement } from './placement.js';
import { Rendered } from './rendered.js';

/** A component that stands in another one's slot, as it is remembered with the slot: never its HTML, which grows old. */
export interface Place {
  readonly component: string;
  readonly id: string;
  /** Its encoded props and slots. */
  readonly sealed: string;
  /** What it was given may be secret: then so is whatever holds this. */
  readonly secret?: boolean;
}

/** What a placement has become. */
export interface PlacedHtml {
  readonly html: string;
  /** Absent for what stands in no slot for long: a notice, a shared instance. */
  readonly place?: Place;
}

/** The same with the HTML it has just been rendered to. */
export interface SlottedHtml extends Place {
  readonly html: string;
}

/** Slot contents ready to be sealed: text in which `slotMark(n)` stands for `places[n]`. */
export interface SlotContents {
  readonly slots: Readonly<Record<string, string>>;
  readonly places: readonly SlottedHtml[];
}

// A noncharacter: no template needs it, and it is taken out of everything else.
const SIGN = '\uFFFE';
const SLOT_MARK = /\uFFFE(\d+)\uFFFE/g;

const slotMark = (index: number): string => `${SIGN}${index}${SIGN}`;

/** Puts in a slot's text what `html` gives for each of its places. */
export const withPlaces = (slot: string, html: (index: number) => string): string =>
  slot.includes(SIGN) ? slot.replace(SLOT_MARK, (_mark, index: string) => html(Number(index))) : slot;

/** Where a placement stands: what stands in a slot is shown again with the component around it. */
export type Standing = 'template' | 'slot';

type Mount = (placement: Placement, contents: SlotContents, standing: Standing) => Promise<PlacedHtml>;

/**
 * Mounts what a template asked for, side by side, but what stands in a slot before the component around it, because
 * slot contents are sealed with their component.
 */
const mountPlacements = async (
  rendered: Rendered,
  mount: Mount,
  standing: Standing,
): Promise<readonly PlacedHtml[]> => {
  refuseOutsideElements(rendered);
  return Promise.all(
    rendered
      .placements()
      .map(async (placement) => mount(placement, await slotContents(placement.slots, mount), standing)),
  );
};

/** The HTML of a template with everything it asked for in place. */
export const fillPlacements = async (rendered: Rendered, mount: Mount): Promise<string> =>
  rendered.fill((await mountPlacements(rendered, mount, 'template')).map(({ html }) => html));

const slotContents = async (given: Placement['slots'], mount: Mount): Promise<SlotContents> => {
  const places: SlottedHtml[] = [];
  const slots: Record<string, string> = {};
  for (const [name, content] of Object.entries(given)) {
    const mounted = await mountPlacements(content, mount, 'slot');
    const inSlot = mounted.map(({ html, place }) => {
      if (!place) return html;
      places.push({ ...place, html });
      return undefined;
    });
    let next = places.length - inSlot.filter((html) => html === undefined).length;
    slots[name] = withoutSigns(content).fill(inSlot.map((html) => html ?? slotMark(next++)));
  }
  return { slots, places };
};

/** Nobody but this file writes marks. */
const withoutSigns = ({ statics, dynamics }: Rendered): Rendered =>
  new Rendered(
    statics.map(clean),
    dynamics.map((dynamic) => {
      if (typeof dynamic === 'string') return clean(dynamic);
      return dynamic instanceof Placement ? dynamic : withoutSigns(dynamic);
    }),
  );

const clean = (text: string): string => text.replaceAll(SIGN, '');
