import { LiveComponent, OnEvent, State, type OnMount } from 'nest-live';

/** The counter for pages without our client: htmx attributes and the hidden fields are all it needs. */
@LiveComponent('htmx-counter', {
  template: `<form hx-post="/components/htmx-counter" hx-target="this" hx-swap="outerHTML" hx-sync="this:drop">
  {{liveFields}}
  <output>{{count}}</output>
  <button name="event" value="increment" hx-post="/components/htmx-counter" hx-target="closest form" hx-include="closest form" hx-vals='{"event":"increment"}' type="button">+1</button>
</form>`,
})
export class HtmxCounter implements OnMount {
  @State() count = 0;

  onMount({ start = 0 }: { start?: number | string }): void {
    this.count = Number(start);
  }

  @OnEvent()
  increment(): void {
    this.count += 1;
  }
}
