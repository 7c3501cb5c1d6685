import { Computed, LiveComponent, OnEvent, OnTopic, Payload, State } from 'nest-live';

/** A list that others edit at the same time: who is renamed after having left comes back. `#log` is what its handlers heard. */
@LiveComponent('roster', {
  template: `<section>
  <output id="log">{{heard}}</output> <button live-click="look">Look</button>
  {{#if isEditing}}
    <input id="title" name="title" value="{{title}}" live-change="save" live-blur="leave" live-keydown.escape="cancel">
    <x-noisy></x-noisy>
  {{else}}
    <button id="edit" live-click="edit">{{title}}</button>
  {{/if}}
  <ul live-focus="come" live-on:focusout="leave">{{#each people}}<li live-key="{{this}}">
    <input name="{{this}}" live-change="rename" live-value-of="{{this}}" live-blur="leave">
    <select name="{{this}}-role" live-change="rename" live-value-of="{{this}}"><option>guest<option>host</select>
  </li>{{/each}}</ul>
</section>`,
})
export class Roster {
  @State() log: string[] = [];
  @State() title = 'Supper';
  @State() isEditing = false;
  @State() people = ['ada', 'ben', 'cem'];

  @Computed()
  get heard(): string {
    return this.log.join(' ');
  }

  @OnTopic('roster')
  show(people: string[]): void {
    this.people = people;
  }

  @OnEvent()
  edit(): void {
    this.log.push('edit');
    this.isEditing = true;
  }

  @OnEvent()
  save(@Payload('value') value: string): void {
    this.log.push(`save:${value}`);
    this.title = value;
    this.isEditing = false;
  }

  @OnEvent()
  cancel(): void {
    this.log.push('cancel');
    this.isEditing = false;
  }

  @OnEvent()
  rename(@Payload('of') of: string): void {
    this.log.push(`rename:${of}`);
    this.people = [...new Set([...this.people, of])];
  }

  @OnEvent()
  come(): void {
    this.log.push('come');
  }

  @OnEvent()
  leave(): void {
    this.log.push('leave');
  }

  @OnEvent()
  look(): void {
    this.log.push('look');
  }
}
