import { putAttribute } from './attributes.js';
import type { Component } from './component.js';
import { within } from './seam.js';
import { isUnderWay, type Upload } from './upload.js';

const ROWS = 'live-upload-rows';
const ERROR = 'live-upload-error';

/** Where it belongs to: a file by its key or id, or all files of a field. */
export const meant = (uploads: readonly Upload[], name?: string | null): readonly Upload[] =>
  uploads.filter(({ key, id, field }) => [key, id, field].includes(name!));

const write = (place: Element, text: string): void => {
  if (place.textContent !== text) place.textContent = text;
};

/** What is in there is ours, also when the component renders again. */
const keep = (place: HTMLElement, isOurs: boolean): void => {
  putAttribute(place, 'live-ignore', isOurs ? '' : undefined);
  place.hidden = !isOurs;
};

/** A copy of the list's `<template>` for each file. */
const showRows = (list: HTMLElement, uploads: readonly Upload[]): void => {
  const rows = new Map([...list.children].map((row) => [row.getAttribute('live-key'), row]));
  const template = list.querySelector('template');
  for (const { key, file } of uploads) {
    const row = rows.get(key) ?? (template?.content.firstElementChild?.cloneNode(true) as Element | undefined);
    if (!row || rows.delete(key)) continue;
    row.setAttribute('live-key', key);
    for (const part of [row, ...row.querySelectorAll('*')]) {
      for (const name of ['live-progress', ERROR, 'live-upload-cancel']) {
        if (part.hasAttribute(name)) part.setAttribute(name, key);
      }
      if (part.hasAttribute('live-upload-name')) write(part, file.name);
      if (part instanceof HTMLProgressElement) part.ariaLabel ??= file.name;
    }
    list.append(row);
  }
  for (const row of rows.values()) if (row !== template) row.remove();
  keep(list, !!uploads.length);
};

const showProgress = (place: HTMLElement, uploads: readonly Upload[]): void => {
  let [sent, size] = [0, 0];
  for (const { sent: bytes, file } of uploads) {
    sent += bytes;
    size += file.size;
  }
  place.hidden = !uploads.length;
  if (!(place instanceof HTMLProgressElement)) return write(place, `${Math.floor((sent / (size || 1)) * 100)} %`);
  place.max = size || 1;
  place.value = sent;
};

const showErrors = (place: HTMLElement, uploads: readonly Upload[]): void => {
  const isRow = !!place.closest(`[${ROWS}]`);
  putAttribute(place, 'role', 'alert');
  putAttribute(place, 'data-code', uploads[0]?.error?.code);
  write(place, uploads.map(({ file, error }) => (isRow ? '' : `${file.name}: `) + error?.message).join('\n'));
  keep(place, !!uploads.length);
};

/** Whether the template has a place for what is refused of this field. */
export const hasPlace = (component: Component, field: string): boolean =>
  within(component, `[${ERROR}],[${ROWS}]`).some((place) =>
    [ERROR, ROWS].some((name) => place.getAttribute(name) === field),
  );

/** Shows where the component's files are, between its renders as after each of them. */
export const showUploads = (component: Component, uploads: readonly Upload[]): void => {
  const underWay = uploads.filter(isUnderWay);
  const each = (name: string, show: (place: HTMLElement, uploads: readonly Upload[]) => void, of = uploads) => {
    for (const place of within(component, `[${name}]`)) show(place, meant(of, place.getAttribute(name)));
  };
  const mark = (place: HTMLElement, { length }: readonly Upload[]) =>
    putAttribute(place, 'live-uploading', length ? '' : undefined);
  mark(component.root, underWay);
  each(ROWS, showRows);
  each('live-upload', mark, underWay);
  each('live-drop', mark, underWay);
  each('live-progress', showProgress, underWay);
  each(
    ERROR,
    showErrors,
    uploads.filter((upload) => !isUnderWay(upload)),
  );
};
