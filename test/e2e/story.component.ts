import {
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { IsInt, Max } from 'class-validator';
import {
  Live,
  LiveComponent,
  LiveContext,
  OnEvent,
  Payload,
  redirect,
  RequirePermissions,
  State,
  type BeforeRender,
} from 'nest-live';
import { tap, type Observable } from 'rxjs';

/** Says word by word what the test wants written, and keeps a record. */
@Injectable()
export class Dictation {
  readonly record: string[] = [];
  renders = 0;
  private words: (string | null)[] = [];
  private wake?: () => void;

  say(...words: (string | null)[]): void {
    this.words.push(...words);
    this.wake?.();
  }

  /** Until `null` is said. */
  async *hear(): AsyncGenerator<string> {
    for (;;) {
      while (this.words.length === 0) {
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
      const word = this.words.shift();
      if (word === null || word === undefined) return;
      yield word;
    }
  }

  forget(): void {
    this.record.length = 0;
    this.renders = 0;
    this.words = [];
  }
}

@Injectable()
export class Watcher implements NestInterceptor {
  constructor(private readonly dictation: Dictation) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { record } = this.dictation;
    record.push('before');
    return next.handle().pipe(
      tap({
        next: (value) => record.push(`value ${String(value)}`),
        error: (error: Error) => record.push(`error ${error.message}`),
        complete: () => record.push('complete'),
      }),
    );
  }
}

export class LengthDto {
  @IsInt()
  @Max(1_000)
  words: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A component whose handlers take their time, and show what they have come to. */
@LiveComponent('story', {
  template: '<article><output>{{text}}</output> <i>{{renders}}</i> <input value="{{token}}"></article>',
})
export class Story implements BeforeRender {
  @State() text = '';
  @State() renders = 0;

  constructor(private readonly dictation: Dictation) {}

  beforeRender(): void {
    this.renders += 1;
    this.dictation.renders += 1;
  }

  @OnEvent()
  add(@Payload('word') word: string): void {
    this.text += word;
  }

  @OnEvent()
  async *write(@Payload() { words }: LengthDto): AsyncGenerator<void> {
    for (let word = 1; word <= words; word += 1) {
      this.text += `${word} `;
      yield;
    }
  }

  @OnEvent()
  async *dictate(@Live() live: LiveContext): AsyncGenerator<string, string> {
    this.dictation.record.push('begun');
    live.signal.addEventListener('abort', () => this.dictation.record.push('aborted'));
    try {
      for await (const word of this.dictation.hear()) {
        this.text += word;
        yield word;
      }
    } finally {
      this.dictation.record.push('closed');
    }
    redirect(live, '/elsewhere');
    return this.text;
  }

  @OnEvent()
  @UseInterceptors(Watcher)
  async *watched(): AsyncGenerator<void, string> {
    this.text = 'half';
    yield;
    this.dictation.record.push('handler');
    this.text = 'whole';
    return 'the end';
  }

  @OnEvent()
  @UseInterceptors(Watcher)
  async *fail(): AsyncGenerator<void> {
    this.text = 'never kept';
    yield;
    throw new Error('the pen broke');
  }

  /** Three pauses of this length, with a sign of life after each. */
  @OnEvent()
  async *slowly(@Payload('ms') ms: number): AsyncGenerator<void> {
    for (const word of ['a', 'b', 'c']) {
      await pause(ms);
      this.text += word;
      yield;
    }
  }

  @OnEvent()
  @RequirePermissions('stories:burn')
  async *burn(): AsyncGenerator<void> {
    this.dictation.record.push('burnt');
    yield;
  }
}
