import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsBoolean,
  IsDate,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

export const TOPICS = ['Baking', 'Brewing', 'Pottery', 'Weaving'];
export const MEALS = [
  { value: '', label: 'Please choose' },
  { value: 'none', label: 'No lunch' },
  { value: 'soup', label: 'Soup' },
  { value: 'pie', label: 'Pie' },
];
export const LANGUAGES = ['English', 'Français', 'Italiano', 'Deutsch'];
export const LEVELS = ['Beginner', 'Practised'];

class Address {
  @IsNotEmpty({ message: 'We need your street.' })
  @IsString()
  street: string;

  @IsNotEmpty({ message: 'We need your town.' })
  @IsString()
  town: string;
}

class Guest {
  @IsNotEmpty({ message: 'Who is it?' })
  @IsString()
  name: string;

  @IsOptional()
  @Min(1, { message: 'At least 1.' })
  @Max(120, { message: 'At most 120.' })
  @IsInt({ message: 'A whole number, please.' })
  age?: number;
}

/** What may be entered, and what becomes of it: all that the form knows. */
export class Registration {
  @MaxLength(60, { message: 'At most 60 letters.' })
  @IsNotEmpty({ message: 'What is your name?' })
  @IsString()
  name: string;

  @IsEmail({}, { message: 'That is no e-mail address.' })
  email: string;

  @Max(8, { message: 'At most 8.' })
  @Min(1, { message: 'At least 1.' })
  @IsInt({ message: 'How many?' })
  seats: number;

  @IsInt()
  budget: number;

  @IsDate({ message: 'On which day?' })
  day: Date;

  @IsOptional()
  @IsDate()
  arrival?: Date;

  @IsIn(LEVELS, { message: 'Choose one.' })
  level: string;

  @ArrayMinSize(1, { message: 'Choose at least one.' })
  @IsIn(TOPICS, { each: true })
  topics: string[];

  @IsIn(['none', 'soup', 'pie'], { message: 'Choose one, or none.' })
  meal: string;

  @IsIn(LANGUAGES, { each: true })
  languages: string[];

  @ValidateNested()
  @Type(() => Address)
  address: Address;

  @ArrayMaxSize(4)
  @ValidateNested({ each: true })
  @Type(() => Guest)
  guests: Guest[];

  @IsOptional()
  @MaxLength(500, { message: 'At most 500 letters.' })
  @IsString()
  notes?: string;

  @IsBoolean()
  newsletter: boolean;
}
