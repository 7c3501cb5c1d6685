import { describe, expect, it, jest } from '@jest/globals';

import type { ModelId } from './model.js';
import { openOrders } from './order-form.stories.js';

describe('a model form', () => {
  const orders = openOrders();

  it('shows the record of its prop, the declared fields alone', async () => {
    const form = await orders.open();
    expect(form.state).toMatchObject({ recordId: orders.id });
    expect(form.state.data).toEqual({
      title: 'First',
      note: null,
      urgent: true,
      customer: orders.ada,
      tags: [],
      lines: [{ id: 501, article: 'tea', quantity: 2 }],
    });
    expect(form.html).toContain('value="First"');
    expect(form.html).toMatch(/<option value="\d+" selected>Ada<\/option>/);
  });

  it('refuses to show a record that is not there', async () => {
    await expect(orders.open({ id: 4_711 })).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
  });

  it('saves what was entered, says so, and tells the author with what the server has set', async () => {
    const form = await orders.open();
    await form.emit('submit', orders.fields({ title: 'Renamed', tags: [String(orders.blue)], consent: 'yes' }));
    expect(form.valid).toBe(true);
    expect(form.html).toContain('<em>Saved</em>');
    expect(orders.stored()).toMatchObject({ title: 'Renamed', tags: [orders.blue], total: 2, isStaff: false });
    expect(orders.stored()).not.toHaveProperty('consent');
    expect(orders.clerk.saved).toMatchObject([{ id: orders.id, values: { title: 'Renamed' } }]);
    await form.emit('change', { name: 'title', value: 'More' });
    expect(form.html).toContain('<em>Unsaved</em>');
  });

  it('makes a record where its props name none, and goes on with it', async () => {
    const form = await orders.open({});
    expect(form.html).toContain('value="New order"');
    expect(form.html).not.toContain('<em>');
    await form.emit('submit', orders.fields({ title: 'Second', lines: [{ article: 'rice', quantity: '3' }] }));
    const { recordId } = form.state as { recordId: ModelId };
    expect(orders.store.get('order', recordId)).toMatchObject({
      title: 'Second',
      total: 3,
      lines: [{ article: 'rice' }],
    });
    await form.emit('submit', orders.fields({ title: 'Third', lines: [{ article: 'rice', quantity: '4' }] }));
    expect(orders.store.get('order', recordId)).toMatchObject({ title: 'Third', total: 4 });
  });

  it('empties what a person has emptied', async () => {
    orders.elsewhere({ note: 'to be deleted' });
    const form = await orders.open();
    await form.emit('submit', orders.fields());
    expect(orders.stored()).toMatchObject({ note: 'to be deleted' });
    await form.emit('submit', orders.fields({ note: '' }));
    expect(orders.stored()).toMatchObject({ note: null });
  });

  it('saves nothing that is not valid', async () => {
    const form = await orders.open();
    await form.emit('submit', orders.fields({ lines: [{ article: 'tea', quantity: '100' }] }));
    expect(form.valid).toBe(false);
    expect(form.state.fieldErrors).toEqual({ 'lines.0.quantity': ['quantity must not be greater than 99'] });
    expect(orders.stored()).toMatchObject({ lines: [{ quantity: 2 }] });
  });

  it('takes no record, version or undeclared field from the page', async () => {
    const other = orders.store.put('order', { title: 'Other', urgent: false, lines: [], isStaff: false });
    const form = await orders.open();
    const forged = {
      id: other,
      recordId: other,
      version: '1',
      recordVersion: '9',
      isStaff: true,
      total: 0,
      owner: 'me',
    };
    await form.emit('submit', orders.fields({ title: 'Renamed', ...forged }));
    expect(orders.store.get('order', other)).toEqual({
      id: other,
      title: 'Other',
      urgent: false,
      lines: [],
      isStaff: false,
    });
    const saved = orders.stored()!;
    expect(saved).toMatchObject({
      id: orders.id,
      title: 'Renamed',
      isStaff: false,
      total: 2,
      lines: [{ secret: 'x' }],
    });
    expect(Object.keys(saved)).not.toEqual(expect.arrayContaining(['owner', 'recordId', 'version']));
  });

  it('takes no choice that is not offered, but leaves one that was made before', async () => {
    const form = await orders.open();
    await form.emit('submit', orders.fields({ customer: String(orders.zoe), tags: ['4711'] }));
    expect(form.state.fieldErrors).toEqual({
      customer: ['is not one of the choices'],
      tags: ['is not one of the choices'],
    });
    orders.elsewhere({ customer: orders.zoe });
    const later = await orders.open();
    expect(later.html).toMatch(/selected>Zoe</);
    await later.emit('submit', orders.fields({ customer: String(orders.zoe), title: 'Kept' }));
    expect(orders.stored()).toMatchObject({ title: 'Kept', customer: orders.zoe });
  });

  it('tells nobody the name of a record that it does not offer, whatever a page names', async () => {
    const form = await orders.open();
    for (const event of ['change', 'submit']) {
      await form.emit<string>(event, orders.fields({ customer: String(orders.zoe) }));
      expect(form.state.data).toMatchObject({ customer: String(orders.zoe) });
      expect(form.html).not.toContain('Zoe');
    }
    for (let n = 0; n < 200; n += 1) orders.store.put('customer', { name: `Bob ${n}`, active: true });
    const late = orders.store.put('customer', { name: 'Zora', active: true });
    await form.emit('change', { name: 'customer', value: String(late) });
    expect(form.html).toMatch(/selected>Zora</);
  });

  it('adds and removes rows, with what was entered before', async () => {
    const form = await orders.open();
    await form.emit('addRow', { field: 'lines', ...orders.fields({ title: 'Typed' }) });
    expect(form.state.data).toMatchObject({ title: 'Typed', lines: [{ article: 'tea' }, {}] });
    await form.emit(
      'submit',
      orders.fields({
        lines: [
          { id: '501', article: 'tea', quantity: '2' },
          { article: '', quantity: '' },
        ],
      }),
    );
    expect(Object.keys(form.state.fieldErrors as object)).toEqual(['lines.1.article', 'lines.1.quantity']);
    await form.emit('removeRow', { field: 'lines', index: '0' });
    expect(form.state.data).toMatchObject({ lines: [{ article: '' }] });
    expect(Object.keys(form.state.fieldErrors as object)).toEqual(['lines.0.article', 'lines.0.quantity']);
    for (const payload of [undefined, null, { field: 'title' }, { field: 'constructor' }])
      expect(await form.emit('addRow', payload)).toMatchObject({ ok: false, error: { code: 'VALIDATION_FAILED' } });
  });

  it("says at the field, in the author's words, that another record has the value", async () => {
    orders.store.put('order', { title: 'Taken', lines: [] });
    const form = await orders.open();
    await form.emit('submit', orders.fields({ title: 'Taken' }));
    expect(form.html).toContain('<b>There is such an order.</b>');
    expect(orders.stored()).toMatchObject({ title: 'First' });
  });

  it('saves nothing when the author refuses before it is saved', async () => {
    const form = await orders.open();
    await form.emit('submit', orders.fields({ title: 'closed' }));
    expect(form.state.fieldErrors).toEqual({ title: ['It is closed.'] });
    const reply = await form.emit('submit', orders.fields({ title: 'broken' }));
    expect(reply).toMatchObject({ ok: false, error: { code: 'HANDLER_ERROR' } });
    expect(orders.stored()).toMatchObject({ title: 'First' });
  });

  it('stays saved when what the author does afterwards fails', async () => {
    orders.clerk.failing = new Error('no mail');
    const form = await orders.open();
    await form.emit('submit', orders.fields({ title: 'Renamed' }));
    expect(form.html).toContain('<em>Saved</em>');
    expect(orders.stored()).toMatchObject({ title: 'Renamed' });
  });

  it('makes a new record once, though it cannot be read after it is saved', async () => {
    const find = jest.spyOn(orders.store, 'find').mockRejectedValueOnce(new Error('gone away'));
    const form = await orders.open({});
    await form.emit('submit', orders.fields({ title: 'Second', lines: [{ article: 'rice', quantity: '3' }] }));
    expect(form.html).toContain('<em>Saved</em>');
    expect(orders.clerk.saved).toMatchObject([{ values: { title: 'Second' } }]);
    const { recordId } = form.state as { recordId: ModelId };
    expect(orders.store.get('order', recordId)).toMatchObject({ title: 'Second' });
    const lines = [{ article: 'rice', quantity: '3' }];
    await form.emit('submit', orders.fields({ title: 'Third', lines }));
    await form.emit('submit', orders.fields({ title: 'Third', lines: (form.state.data as { lines: object[] }).lines }));
    expect(form.state).toMatchObject({ recordId, valid: true, conflict: null });
    expect(orders.store.get('order', recordId)).toMatchObject({ title: 'Third', lines: [{ article: 'rice' }] });
    expect(find.mock.calls.length).toBeGreaterThan(1);
    find.mockRestore();
  });
});
