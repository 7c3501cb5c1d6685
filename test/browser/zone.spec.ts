import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IsDate, IsString } from 'class-validator';
import { InZone, LiveComponent } from 'nest-live';
import { FormComponent } from 'nest-live/forms';
import type { BrowserContext, Page } from 'playwright-core';

import { Stage } from './stage.js';

class Meeting {
  @IsString()
  name: string;

  @InZone('visitor')
  @IsDate()
  at: Date;
}

const held: Meeting[] = [];

@LiveComponent('meeting', {
  template: `<form live-submit="submit" novalidate>{{field 'name' label='Name'}}
    {{field 'at' label='At' type='datetime-local'}} <button>Save</button></form>`,
})
class MeetingForm extends FormComponent<Meeting> {
  protected readonly dto = Meeting;

  protected override initial() {
    return { name: 'first', at: new Date('2026-07-01T12:00:00Z') };
  }

  protected onSubmit(meeting: Meeting) {
    held.push(meeting);
  }
}

describe('the zone of a visitor', () => {
  let stage: Stage;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    held.length = 0;
    await stage.open({ providers: [MeetingForm] });
  });

  afterEach(async () => {
    await context.close();
    await stage.close();
    expect(stage.troubles).toEqual([]);
  });

  const enter = async (javaScriptEnabled: boolean): Promise<void> => {
    context = await stage.browser.newContext({ timezoneId: 'Asia/Kolkata', javaScriptEnabled });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${stage.cable.url}/page?c=meeting`);
  };
  const shown = (): Promise<string> => page.getByLabel('At').inputValue();
  const save = async (saved: number): Promise<void> => {
    await page.getByRole('button', { name: 'Save' }).click();
    await stage.until(async () => held.length, saved, 20_000);
  };

  it('is learnt with the first page, which then shows it, and known from the second on', async () => {
    await enter(true);
    await stage.until(shown, '2026-07-01T17:30', 20_000);
    await page.getByLabel('Name').fill('second');
    await save(1);
    expect(held).toMatchObject([{ name: 'second', at: new Date('2026-07-01T12:00:00Z') }]);
    await page.getByLabel('At').fill('2026-07-01T18:30');
    await save(2);
    expect(held[1]).toMatchObject({ at: new Date('2026-07-01T13:00:00Z') });
    const [answer] = await Promise.all([page.waitForResponse(/page\?c=meeting/), page.reload()]);
    expect(await answer.text()).toContain('value="2026-07-01T17:30"');
  });

  it('is not asked of a page that runs no script: what it shows is what is read', async () => {
    await enter(false);
    expect(await shown()).toBe('2026-07-01T12:00');
    await page.getByLabel('Name').fill('second');
    await save(1);
    expect(held).toMatchObject([{ name: 'second', at: new Date('2026-07-01T12:00:00Z') }]);
  });
});
