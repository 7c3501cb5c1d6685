import { IsInt, Max, Min } from 'class-validator';

/** Checked before the handler sees it: the page may send anything. */
export class Addition {
  @IsInt()
  @Min(-100)
  @Max(100)
  amount: number;
}
