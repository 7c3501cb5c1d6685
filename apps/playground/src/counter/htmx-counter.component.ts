import { LiveComponent } from 'nest-live';

import { Counter } from './counter.component.js';
import { CounterProps } from './counter.props.js';

/** The same counter with another template: htmx sends its events, and nothing else changes. */
@LiveComponent('htmx-counter', { props: CounterProps })
export class HtmxCounter extends Counter {}
