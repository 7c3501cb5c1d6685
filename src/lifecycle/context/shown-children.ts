/** What a child was given, and its HTML. */
interface ShownChild {
  readonly sealed: string;
  readonly html: string;
}

/**
 * The children that one viewer has in its page, as they were when its owner was rendered last. A page takes nothing of an
 * owner's render into a child that it has, so what has changed in them since need not be known here.
 */
export class ShownChildren {
  /** There is no room for it: it need not be put down. */
  rests = false;
  // Most components have no children: nothing is made for those.
  private last?: Map<string, ShownChild>;
  private now?: Map<string, ShownChild>;

  get bytes(): number {
    return bytesOf(this.last) + bytesOf(this.now);
  }

  /** A render begins: of what the one before it has not shown nothing is left. */
  begin(): void {
    this.last = this.now;
    this.now = undefined;
  }

  /** @returns its HTML, where it was given just this when it was shown last */
  of(id: string, sealed: string): string | undefined {
    const child = this.now?.get(id) ?? this.last?.get(id);
    if (child?.sealed !== sealed) return undefined;
    this.show(id, child);
    return child.html;
  }

  show(id: string, child: ShownChild): void {
    if (!this.rests) (this.now ??= new Map()).set(id, child);
  }

  forget(): void {
    this.last = this.now = undefined;
  }
}

const bytesOf = (children: ReadonlyMap<string, ShownChild> | undefined): number => {
  let bytes = 0;
  for (const { sealed, html } of children?.values() ?? []) bytes += 2 * (sealed.length + html.length);
  return bytes;
};
