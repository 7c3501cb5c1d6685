import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDateString,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { STATUSES, type Status } from './order.entity.js';

export class LineDraft {
  /** Which row it is; a new one has none. */
  @IsOptional()
  @IsInt()
  id?: number;

  @IsNotEmpty({ message: 'Name the article.' })
  @MaxLength(80, { message: 'Keep it below 80 letters.' })
  article: string;

  @IsInt({ message: 'Whole ones only.' })
  @Min(1, { message: 'At least one.' })
  @Max(9_999, { message: 'At most 9,999.' })
  quantity: number;

  @IsNumber({ maxDecimalPlaces: 2 }, { message: 'A price in euros and cents.' })
  @Min(0, { message: 'A price in euros and cents.' })
  @Max(99_999, { message: 'At most 99,999.' })
  price: number;
}

/** All that a form may write of an order. */
export class OrderDraft {
  @Matches(/^[A-Z]{1,3}-\d{1,6}$/, { message: 'Like A-1042.' })
  number: string;

  @IsInt({ message: 'Choose a customer.' })
  customer: number;

  @IsIn(STATUSES)
  status: Status;

  @IsDateString({ strict: true }, { message: 'Choose a day.' })
  @MaxLength(10, { message: 'Choose a day.' })
  due: string;

  @IsOptional()
  @MaxLength(500, { message: 'Keep it below 500 letters.' })
  note?: string;

  @Type(() => LineDraft)
  @IsArray()
  @ArrayMinSize(1, { message: 'An order has at least one line.' })
  @ArrayMaxSize(50, { message: 'At most 50 lines.' })
  @ValidateNested({ each: true })
  lines: LineDraft[];
}
