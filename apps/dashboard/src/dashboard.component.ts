import { IsIn } from 'class-validator';
import { type BeforeRender, LiveComponent, OnEvent, OnTopic, State, Url } from 'nest-live';

import { channelsOf, euros, pointsOf, tilesOf, timeOf } from './figures.js';
import { Ledger } from './ledger.js';
import { Pulse } from './pulse.js';
import { RANGE_NAMES, type RangeName, RANGES } from './range.js';
import { CHANNELS } from './sales.js';

const LATEST = 10;

/** The numbers of a business, as of now or as of when somebody stopped them. */
@LiveComponent('dashboard')
export class Dashboard implements BeforeRender {
  @Url({ history: 'push' })
  @State({ bind: true })
  @IsIn(RANGE_NAMES)
  range: RangeName = 'minute';

  /** The second the numbers stand at; 0 while they move. */
  @State() pausedAt = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly pulse: Pulse,
  ) {}

  @OnEvent()
  pause(): void {
    this.pausedAt = this.pulse.now;
  }

  @OnEvent()
  resume(): void {
    this.pausedAt = 0;
  }

  /** Nothing to remember: each viewer is rendered anew, in the range that viewer has chosen. */
  @OnTopic('dashboard.beat')
  beat(): void {}

  beforeRender() {
    const { length, title } = RANGES[this.range];
    const now = this.pausedAt || this.pulse.now;
    const [current, previous] = [now, now - length].map((to) => this.ledger.between(to - length, to));
    return {
      ranges: RANGE_NAMES.map((name) => ({ name, title: RANGES[name].title, chosen: name === this.range })),
      unit: title.toLowerCase(),
      time: timeOf(now),
      tiles: tilesOf(current, previous),
      points: pointsOf(this.ledger, RANGES[this.range], now),
      channels: channelsOf(current),
      sales: this.ledger.latest(now, LATEST).map(({ id, at, buyer, town, channel, cents }) => ({
        id,
        time: timeOf(at),
        buyer,
        town,
        channel: CHANNELS[channel],
        amount: euros(cents),
      })),
    };
  }
}
