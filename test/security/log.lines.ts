import type { LoggerService } from '@nestjs/common';

export interface LogLine {
  readonly level: string;
  readonly text: string;
}

/** Keeps what an application logs, every level. */
export class LogLines implements LoggerService {
  readonly all: LogLine[] = [];

  log(...said: unknown[]): void {
    this.note('log', said);
  }

  error(...said: unknown[]): void {
    this.note('error', said);
  }

  warn(...said: unknown[]): void {
    this.note('warn', said);
  }

  debug(...said: unknown[]): void {
    this.note('debug', said);
  }

  verbose(...said: unknown[]): void {
    this.note('verbose', said);
  }

  /** The coded lines: one per refusal. */
  get refusals(): readonly {
    readonly level: string;
    readonly text: string;
    readonly ref: string;
    readonly code: string;
  }[] {
    return this.all.flatMap(({ level, text }) => {
      const [, json = ''] = /^(\{.*\})/s.exec(text) ?? [];
      try {
        const { ref, code } = JSON.parse(json.split('\n')[0]) as { ref: string; code: string };
        return [{ level, text, ref, code }];
      } catch {
        return [];
      }
    });
  }

  clear(): void {
    this.all.length = 0;
  }

  private note(level: string, said: readonly unknown[]): void {
    this.all.push({ level, text: said.map(String).join('\n') });
  }
}
