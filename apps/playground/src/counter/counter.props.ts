import { IsInt, IsOptional, IsString, Min } from 'class-validator';

/** What a page may give a counter: `{{component 'counter' label='Apples' start=10 step=5}}`. */
export class CounterProps {
  @IsOptional()
  @IsString()
  label = 'Counter';

  @IsOptional()
  @IsInt()
  start = 0;

  @IsOptional()
  @IsInt()
  @Min(1)
  step = 1;
}
