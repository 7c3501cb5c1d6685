import { IsBoolean, IsInt, IsOptional } from 'class-validator';

export class Step {
  @IsInt()
  by: number;

  @IsOptional()
  @IsBoolean()
  twice?: boolean;
}

export interface Row {
  readonly id: string;
  readonly title: string;
}
