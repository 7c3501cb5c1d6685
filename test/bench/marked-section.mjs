import { readFileSync, writeFileSync } from 'node:fs';

/** The part of a page that a run writes, between two comments. */
export class MarkedSection {
  constructor({ path, begin, end }) {
    this.path = path;
    this.#begin = begin;
    this.#end = end;
  }

  #begin;
  #end;

  get text() {
    const { page, from, to } = this.#read();
    return page.slice(from, to).trim();
  }

  set text(text) {
    const { page, from, to } = this.#read();
    writeFileSync(this.path, `${page.slice(0, from)}\n\n${text.trim()}\n\n${page.slice(to)}`);
  }

  #read() {
    const page = readFileSync(this.path, 'utf8');
    const [from, to] = [page.indexOf(this.#begin) + this.#begin.length, page.indexOf(this.#end)];
    if (from < this.#begin.length || to < from) throw new Error(`${this.path} has lost its markers`);
    return { page, from, to };
  }
}
