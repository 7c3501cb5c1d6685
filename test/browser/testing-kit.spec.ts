import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { Stage } from './stage.js';

/** Where a form is no list of `name=value`: which controls count, and what they hold. */
const CONTROLS = [
  '<fieldset disabled><legend><input name="inLegend" value="1"></legend><legend><input name="inSecond" value="2"></legend>' +
    '<input name="inFieldset" value="3"><input type="checkbox" name="boxInFieldset"></fieldset>',
  '<fieldset disabled><p></p><legend><fieldset><input name="deep" value="1"></fieldset></legend></fieldset>',
  '<input type="radio" name="twice" value="a" checked><input type="radio" name="twice" value="b" checked>',
  '<input type="radio" name="none" value="a"><input type="radio" name="disabledChoice" value="a" checked disabled>',
  '<select name="list" size="3"><option>x<option>y</select>',
  '<select name="many" multiple><option selected>x<option selected disabled>y<option selected value="">z</select>',
  '<select name="closed"><optgroup disabled><option selected>x</optgroup><option>y</select>',
  '<select name="first"><option disabled>x<option>y</select>',
  '<select name="spaces"><option>  two \n  words  </option></select>',
  '<textarea name="lines">\n\na\r\nb</textarea><input name="line" value="a&#10;b"><input type="hidden" name="raw" value="a&#10;b">',
  '<input type="hidden" name="_charset_"><input name="said" value="x" dirname="direction">',
  '<p dir="rtl"><textarea name="remark" dirname="remark.dir">x</textarea></p>',
  '<input value="1"><input name="" value="2"><button name="other" value="1" type="button">No</button>',
  '<input type="image" name="map" alt="Map"><input type="submit" name="save" value="other">',
  '<input name="same" value="1"><input name="same" value="2"><input type="checkbox" name="unit" value="a" checked>',
  '<output name="sum">1</output><input name="late" form="sent" value="in its place">',
];

@LiveComponent('odd-form', {
  template: `<div><input form="sent" name="before" value="0"><form id="sent" live-submit="send">${CONTROLS.join('\n')}
    <button name="by" value="button">Send</button></form><input form="sent" name="after" value="9"><output id="count">{{count}}</output></div>`,
})
class OddForm {
  static readonly sent: unknown[] = [];

  @State() count = 0;

  @OnEvent()
  send(@Payload() payload: Record<string, unknown>): void {
    OddForm.sent.push(JSON.parse(JSON.stringify(payload)));
    this.count += 1;
  }
}

describe('a form in the testing kit', () => {
  let stage: Stage;
  let live: LiveTest;

  beforeAll(async () => {
    stage = await Stage.raise();
    live = await LiveTest.create({ providers: [OddForm] });
  });

  afterAll(async () => {
    await live.close();
    await stage.browser.close();
  });

  beforeEach(async () => {
    OddForm.sent.length = 0;
    await stage.open({ providers: [OddForm] });
  });

  afterEach(async () => {
    await stage.close();
    expect(stage.troubles).toEqual([]);
  });

  it.each(['Send', 'Map'])('sends what Chromium sends, by %s', async (button) => {
    await stage.visit('c=odd-form');
    // Without a pointer an image is pressed at its corner.
    await stage.page.getByRole('button', { name: button, exact: true }).press('Enter');
    await stage.shows('#count', '1');
    const form = await live.mount(OddForm);
    await form.click(button);
    const [inChromium, inTest] = OddForm.sent;
    expect(inTest).toEqual(inChromium);
    expect(Object.keys(inTest as object)).toEqual(Object.keys(inChromium as object));
  });
});
