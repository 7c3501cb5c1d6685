/** Changes at places of a text, gathered while it is read and made at the end. */
export class HtmlEdits {
  readonly #edits: { readonly from: number; readonly to: number; readonly text: string }[] = [];

  constructor(private readonly html: string) {}

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** What is replaced may not overlap. */
  replace(from: number, to: number, text: string): void {
    this.#edits.push({ from, to, text });
  }

  apply(): string {
    let html = '';
    let at = 0;
    for (const { from, to, text } of this.#edits.sort((a, b) => a.from - b.from)) {
      html += this.html.slice(at, from) + text;
      at = to;
    }
    return html + this.html.slice(at);
  }
}
