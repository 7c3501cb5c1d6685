import { expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { Dice } from './dice.js';
import { describeEngines } from './engines/describe-engines.js';
import type { EngineStage } from './engines/engine-stage.js';
import { FIRST, Questionnaire, type Questions } from './questionnaire.component.js';
import { Person, readAll, type Shown } from './questionnaire.person.js';

const SITE = {
  providers: [Questionnaire],
  options: {
    keys: [{ kid: 'k1', secret: 'a secret of this suite alone, 32 bytes and more' }],
    rendering: { helpers: { is: (one: unknown, other: unknown) => one === other } },
  },
};

/** `ENTERED_SEEDS=3,17 ENTERED_STEPS=60` for others. */
const SEEDS = (process.env.ENTERED_SEEDS ?? '2,5').split(',').map(Number);
const STEPS = Number(process.env.ENTERED_STEPS ?? 25);

/** What else happens, beside pushes, moves of rows, answers and cuts; `ENTERED_HAPPENINGS=` for nothing else. */
const HAPPENINGS = (process.env.ENTERED_HAPPENINGS ?? 'hints,options,radios,restarts,tears').split(',');

/** A page whose line has been cut a few times asks over HTTP, every ten seconds at the latest. */
const PATIENCE_MS = 20_000;

/** A page that has to begin anew four times in a minute asks for a reload. */
const MAX_RESTARTS = 3;

/** One questionnaire, what happens to it, and what it should look like. */
class Run {
  readonly history: string[] = [];
  private questions = FIRST;
  private restarts = 0;
  private readonly dice: Dice;
  private readonly person: Person;

  constructor(
    private readonly stage: EngineStage,
    seed: number,
  ) {
    this.dice = new Dice(seed);
    this.person = new Person(stage, this.dice);
  }

  async step(): Promise<void> {
    this.stage.cable.delayMs = this.dice.below(3) * 60;
    const act = this.person.act();
    // At the same time: the page changes while something is entered.
    const done = act.needsCalm ? await act.run() : undefined;
    this.person.agrees(this.questions);
    const [happened, besides] = await Promise.all([this.happens(), done ?? act.run()]);
    this.history.push(`${besides}; meanwhile ${happened}`);
    await this.settles();
  }

  async settles(): Promise<void> {
    const expected = this.person.expected(this.questions);
    let pushed = performance.now();
    const read = async (): Promise<Shown> => {
      const shown = await this.stage.page.evaluate(readAll);
      // A page that was away at the time has not heard a push, and is told again.
      if (shown.tick !== expected.tick && performance.now() - pushed > 1_000) {
        pushed = performance.now();
        await this.tell();
      }
      return shown;
    };
    await this.stage.until(read, expected, PATIENCE_MS).catch((error: Error) => {
      throw new Error(`${this.history.join('\n')}\n${error.message}`);
    });
    this.person.agrees(this.questions);
  }

  /** Until a push would arrive. */
  async joined(): Promise<void> {
    await this.look();
    await this.stage.until(async () => (await this.stage.locator('#looks').textContent()) !== '0', true);
  }

  /** A server that has forgotten everything has not got it, says so, and what was entered is still there. */
  async send(): Promise<void> {
    const { stage } = this;
    stage.cable.delayMs = 0;
    const sent = (): Promise<string> => stage.locator('#sent').textContent();
    for (let tries = 0; tries < 4 && (await sent()) === ''; tries += 1) {
      await stage.button('Send').click();
      const isSent = stage.until(async () => (await sent()) !== '', true, 4_000);
      await isSent.catch(() => this.history.push('what was sent has had no answer'));
    }
    if ((await sent()) === '')
      throw new Error(`Nothing arrived.\n${this.history.join('\n')}\n${await stage.notices()}`);
    expect(JSON.parse(await sent())).toEqual(this.person.sends(this.questions));
    this.person.forgetsForm();
    await this.settles();
  }

  private async happens(): Promise<string> {
    const roll = this.dice.below(10);
    if (roll < 5) return this.push();
    if (roll === 5) return this.cut();
    if (roll < 8) return this.look();
    if (HAPPENINGS.includes('restarts') && roll === 8 && this.restarts < MAX_RESTARTS) return this.restart();
    if (HAPPENINGS.includes('tears') && roll === 9) return this.tear();
    return 'nothing';
  }

  private async push(): Promise<string> {
    const { tick, rows } = this.questions;
    const others = this.dice.of([[], ['new'], ['new', 'newer']]);
    const next: Questions = {
      tick: tick + 1,
      rows: this.dice.shuffled([...rows.filter((row) => !row.startsWith('new')), ...others]),
      cities: [...(HAPPENINGS.includes('options') ? others : []), 'a', 'b', 'c'],
      city: this.dice.of(['a', 'b', 'c']),
      size: HAPPENINGS.includes('radios') ? this.dice.of(['S', 'M', 'L']) : 'S',
      hint: HAPPENINGS.includes('hints') && this.dice.below(2) === 1,
    };
    this.questions = next;
    await this.tell();
    return `is pushed ${JSON.stringify(next)}`;
  }

  private async tell(): Promise<void> {
    await this.stage.site.app.get(LivePublisher).broadcast('questionnaire', this.questions);
  }

  /** By a script: the person is busy elsewhere. */
  private async look(): Promise<string> {
    await this.stage.locator('#look').evaluate((button) => (button as HTMLElement).click());
    return 'an event is answered';
  }

  /** A script takes away what a push changes: its patch does not fit, and the whole is asked for. */
  private async tear(): Promise<string> {
    await this.stage.page.evaluate(() => document.querySelector('#tick')!.remove());
    return `a script takes an element away that ${await this.push()}`;
  }

  private async cut(): Promise<string> {
    this.stage.cable.cutSockets();
    return 'the socket is cut';
  }

  private async restart(): Promise<string> {
    this.restarts += 1;
    this.questions = FIRST;
    this.person.isAloneAgain();
    const root = this.stage.locator('[live-id]');
    const id = await root.getAttribute('live-id');
    await this.stage.restart(SITE);
    await this.stage.until(async () => (await root.getAttribute('live-id')) !== id, true, 20_000);
    await this.joined();
    return 'the server has forgotten everything';
  }
}

describeEngines('what a person did last is what is shown and sent', (stage) => {
  it.each(SEEDS)(
    'whatever happens meanwhile, seed %i',
    async (seed) => {
      await stage.open(SITE);
      await stage.visit('c=questionnaire');
      const run = new Run(stage, seed);
      await run.joined();
      for (let step = 0; step < STEPS; step += 1) await run.step();
      await run.send();
    },
    180_000,
  );
});
