import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

/** What people write who come from elsewhere; see habits.spec.ts. */
@LiveComponent('settler', {
  template: `<section>
    <button wire:click="save">livewire</button>
    <button phx-click="save">phoenix</button>
    <button @click="save">vue</button>
    <button v-on:click.prevent="save">longer</button>
    <button (click)="save()">angular</button>
    <button onclick="save()">browser</button>
    <button data-live-click="save">data</button>
    <button live-click="">nothing</button>
    <button live-click="save()">call</button>
    <button live-click="save(1, 2)">given</button>
    <button live-click="rename">method</button>
    <form live-click="save"></form>
    <div live-model="note"></div>
    <b live-payload='{"by": 1}'>payload</b>
    <b live-value-by="1">value</b>
    <input live-keydown.esc="save">
    <input live-keydown.entre="save">
    <p @click="open" onclick="elsewhere()" live-on:mouseover="save" live-keydown.shift.k="save">others' own</p>
    <my-input live-model="note"></my-input>
  </section>`,
})
export class Settler {
  @State({ bind: true }) note: string = '';

  mounted(): void {}

  ngOnDestroy(): void {}

  updated(): void {}

  beforeRender(): object {
    const id = 7;
    return { id, heading: this.note };
  }

  @OnEvent()
  save(@Payload('by') by: string): void {
    this.updated();
    this.note = by;
  }

  @OnEvent('call-it')
  rename(): void {}
}

@LiveComponent('formal', { template: `<form live-submit="send"><button>Send</button></form>` })
export class Formal {
  @OnEvent()
  send(): void {}
}
