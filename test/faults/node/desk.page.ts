import { Controller, Get, Header, Render } from '@nestjs/common';
import { LiveComponent, OnEvent, Payload, State, Temporary } from 'nest-live';

const BUTTONS = 70;

/** Something for a person to click and to type into: each entry says which button it came from. */
@LiveComponent('desk', {
  template: `<section>
  <output>{{entries}}</output>
  {{#each buttons}}<button id="b{{this}}" live-key="{{this}}" live-click="add" live-value-id="{{this}}">{{this}}</button>{{/each}}
  <form live-submit="write"><input id="note" name="note" autocomplete="off"><button id="save">save</button></form>
  <p id="written">{{written}}</p>
</section>`,
})
export class Desk {
  @State() entries = '';
  @State() written = '';
  @Temporary() readonly buttons = Array.from({ length: BUTTONS }, (_, index) => index + 1);

  @OnEvent()
  add(@Payload('id') id: string): void {
    this.entries = this.entries === '' ? id : `${this.entries},${id}`;
  }

  @OnEvent()
  write(@Payload('note') note: string): void {
    this.written = note;
  }
}

/** `/desk`: a page of the browser client. */
@Controller()
export class DeskPage {
  @Get('desk')
  @Render('desk')
  desk(): object {
    return {};
  }

  /** A second tab gets what the first one got: the same HTML, tokens and all. */
  @Get('desk/kept')
  @Header('cache-control', 'private, max-age=600')
  @Render('desk')
  kept(): object {
    return {};
  }
}
