import { IsIn } from 'class-validator';

import { CATALOGUE } from './catalogue.js';

/** What an event may be about. */
export class ArticleChoice {
  @IsIn(CATALOGUE.map(({ id }) => id))
  article: string;
}
