/** The elements of a component in the order of its HTML: a patch names them by their numbers. */
export type Places = readonly Element[];

/** Children in a new order. */
export interface List {
  /** `enter` puts a node into the element, before another one. */
  readonly show: (enter: (parent: Element, node: Node, before: Node | null) => void) => void;
  /** What stands at the places of the element and of those in it then, of what stands at each one now. */
  readonly placed: (now: readonly Places[], placesOf: (element: Element) => Places) => Places;
}

/** An element, and what is to be there instead: with 2 all of it, with 1 its attributes, with 3 or 4 some of them, else what is in it. */
export interface Change {
  readonly from: Element;
  readonly wanted: Node;
  readonly what?: 1 | 2 | 3 | 4;
  /** Instead: the order of its children. */
  readonly list?: List;
}

export interface PlacedChange extends Change {
  /** The number of the element, and of the first one behind all that is in it. */
  readonly at: number;
  readonly behind: number;
}
