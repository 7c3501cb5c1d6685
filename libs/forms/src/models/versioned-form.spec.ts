import { describe, expect, it } from '@jest/globals';

import type { ModelId } from './model.js';
import { openOrders } from './order-form.stories.js';

describe('a model form that somebody else was quicker with', () => {
  const orders = openOrders();

  it('overwrites nothing, loses nothing, and shows both versions of what both have changed', async () => {
    const form = await orders.open();
    orders.elsewhere({ title: 'Theirs', note: 'by them' });
    for (let again = 0; again < 2; again += 1) {
      await form.emit('submit', orders.fields({ title: 'Mine', urgent: undefined }));
      expect(form.valid).toBe(false);
      expect(form.html).toContain('Somebody else has changed this meanwhile.');
      expect(form.html).toContain('<i>title: Mine or Theirs</i>');
      expect(form.state.conflict).toMatchObject({
        fields: [{ name: 'title', was: 'First', mine: 'Mine', theirs: 'Theirs' }],
        updated: again === 0 ? [{ name: 'note', was: null, theirs: 'by them' }] : [],
      });
    }
    expect(form.state.data).toMatchObject({ title: 'Mine', note: 'by them', urgent: false });
    expect(orders.stored()).toMatchObject({ title: 'Theirs', urgent: true });
  });

  it('keeps mine at once, and theirs where I had entered nothing', async () => {
    const form = await orders.open();
    orders.elsewhere({ title: 'Theirs', note: 'by them' });
    await form.emit('submit', orders.fields({ title: 'Mine' }));
    await form.emit('keepMine');
    expect(orders.stored()).toMatchObject({ title: 'Mine', note: 'by them' });
    expect(form.html).toContain('<em>Saved</em>');
    expect(form.state.conflict).toBeNull();
  });

  it('takes theirs', async () => {
    const form = await orders.open();
    orders.elsewhere({ title: 'Theirs' });
    await form.emit('submit', orders.fields({ title: 'Mine', note: 'mine' }));
    await form.emit('takeTheirs');
    expect(form.html).toContain('value="Theirs"');
    expect(form.html).not.toContain('class="problem"');
    await form.emit('submit', orders.fields({ title: 'Later', note: '' }));
    expect(orders.stored()).toMatchObject({ title: 'Later' });
    expect(orders.stored()?.note ?? null).toBeNull();
  });

  it('lets a person choose field by field', async () => {
    const form = await orders.open();
    orders.elsewhere({ title: 'Theirs', note: 'theirs' });
    await form.emit('submit', orders.fields({ title: 'Mine', note: 'mine' }));
    await form.emit('takeTheirs', { field: 'title' });
    expect(form.state.data).toMatchObject({ title: 'Theirs', note: 'mine' });
    await form.emit('submit', orders.fields({ title: 'Theirs', note: 'mine' }));
    expect(form.state.conflict).toMatchObject({ fields: [{ name: 'note' }] });
    await form.emit('keepMine', { field: 'note' });
    expect(orders.stored()).toMatchObject({ note: 'theirs' });
    await form.emit('submit', orders.fields({ title: 'Theirs', note: 'mine' }));
    expect(orders.stored()).toMatchObject({ title: 'Theirs', note: 'mine' });
  });

  it('asks to save again where the two have changed different fields', async () => {
    const form = await orders.open();
    orders.elsewhere({ note: 'theirs' });
    await form.emit('submit', orders.fields({ title: 'Mine' }));
    expect(form.valid).toBe(false);
    expect(form.state).toMatchObject({ conflict: { fields: [], updated: [{ name: 'note' }] } });
    await form.emit('submit', orders.fields({ title: 'Mine', note: 'theirs' }));
    expect(orders.stored()).toMatchObject({ title: 'Mine', note: 'theirs' });
  });

  it('asks again when there is a third version', async () => {
    const form = await orders.open();
    orders.elsewhere({ title: 'Theirs' });
    await form.emit('submit', orders.fields({ title: 'Mine' }));
    orders.elsewhere({ title: 'Third' });
    await form.emit('keepMine');
    expect(form.state.conflict).toMatchObject({ fields: [{ name: 'title', mine: 'Mine', theirs: 'Third' }] });
    expect(orders.stored()).toMatchObject({ title: 'Third' });
  });

  it('keeps what was entered when the record is gone, and can make it anew', async () => {
    const form = await orders.open();
    orders.store.remove('order', orders.id);
    await form.emit('submit', orders.fields({ title: 'Mine' }));
    expect(form.valid).toBe(false);
    expect(form.state).toMatchObject({ isGone: true, data: { title: 'Mine' } });
    expect(form.html).toContain('Somebody else has deleted this meanwhile.');
    await form.emit('keepMine');
    const { recordId } = form.state as { recordId: ModelId };
    expect(recordId).not.toBe(orders.id);
    expect(orders.store.get('order', recordId)).toMatchObject({
      title: 'Mine',
      lines: [{ article: 'tea', quantity: 2 }],
    });
  });
});
