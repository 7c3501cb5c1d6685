import { Transform } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { EXTRAS, WORKSHOPS } from './workshops.js';

const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Step 1: who comes. */
export class Guest {
  @IsNotEmpty({ message: 'Tell us your name.' })
  @MaxLength(80, { message: 'Keep it below 80 letters.' })
  @Trimmed()
  name: string;

  @IsEmail({}, { message: 'Write an address that reaches you, like ada@example.org.' })
  @MaxLength(200, { message: 'Keep it below 200 letters.' })
  @Trimmed()
  email: string;

  @IsOptional()
  @Matches(/^\+?[\d ()/-]{5,20}$/, { message: 'A number has digits, spaces and a + in front.' })
  phone?: string;
}

/** Step 2: what to. */
export class Choice {
  @IsIn(WORKSHOPS.map(({ id }) => id), { message: 'Choose a workshop.' })
  workshop: string;

  @Min(1, { message: 'Somebody has to come.' })
  @Max(4, { message: 'For more than four, please write to us.' })
  @IsInt({ message: 'Say it as a whole number.' })
  places: number;
}

/** Step 3: with what. Nothing is an answer, too. */
export class Wishes {
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn([...EXTRAS.keys()], { each: true, message: 'Choose from the list.' })
  extras: string[] = [];

  @IsOptional()
  @MaxLength(300, { message: 'Keep it below 300 letters.' })
  note?: string;
}

/** Each step has a DTO of its own; the wizard hands over all of them at once. */
export interface Booking {
  readonly guest: Guest;
  readonly choice: Choice;
  readonly wishes: Wishes;
}
