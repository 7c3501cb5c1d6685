import { setTimeout as pause } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { BOOKS, type Book } from './books.js';

/** Stands for a database: it answers late. Otherwise nobody would ever see the loading state. */
const ANSWER_MS = 150;

@Injectable()
export class Library {
  readonly size = BOOKS.length;

  /** Books that have all words of the query; no word, all books. */
  async find(query: string): Promise<readonly Book[]> {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    await pause(ANSWER_MS);
    return BOOKS.filter(({ title, author, year }) => {
      const text = `${title} ${author} ${year}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }
}
