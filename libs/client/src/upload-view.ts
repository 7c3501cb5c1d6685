import { putAttribute } from './attributes.js';
import type { Component } from './component-port.js';
import { within } from './seam.js';
import { attributeOf, closest, invoke, property, withDescendants, writeText } from './unshadowed.js';
import { isUnderWay, type Upload } from './upload.js';

const ROWS = 'live-upload-rows';
const ERROR = 'live-upload-error';

/** Where it belongs to: a file by its key or id, or all files of a field. */
export const meant = (uploads: readonly Upload[], name?: string | null): readonly Upload[] =>
  uploads.filter(({ key, id, field }) => [key, id, field].includes(name!));

/** What is in there is ours, also when the component renders again. */
const keep = (place: HTMLElement, isOurs: boolean): void => {
  putAttribute(place, 'live-ignore', isOurs ? '' : undefined);
  putAttribute(place, 'hidden', isOurs ? undefined : '');
};

/** A copy of the list's `<template>` for each file. */
const showRows = (list: HTMLElement, uploads: readonly Upload[]): void => {
  const rows = new Map([...property(list, 'children')].map((row) => [attributeOf(row, 'live-key'), row]));
  const template = invoke(list, 'querySelector', 'template') as HTMLTemplateElement | null;
  const sample = template?.content.firstElementChild;
  for (const { key, file } of uploads) {
    const row = rows.get(key) ?? (sample && (invoke(sample, 'cloneNode', true) as Element));
    if (!row || rows.delete(key)) continue;
    putAttribute(row, 'live-key', key);
    for (const part of withDescendants(row)) {
      for (const name of ['live-progress', ERROR, 'live-upload-cancel']) {
        if (attributeOf(part, name) !== null) putAttribute(part, name, key);
      }
      if (attributeOf(part, 'live-upload-name') !== null) writeText(part, file.name);
      if (part instanceof HTMLProgressElement) part.ariaLabel ??= file.name;
    }
    invoke(list, 'append', row);
  }
  for (const row of rows.values()) if (row !== template) invoke(row, 'remove');
  keep(list, !!uploads.length);
};

const showProgress = (place: HTMLElement, uploads: readonly Upload[]): void => {
  let [sent, size] = [0, 0];
  for (const { sent: bytes, file } of uploads) {
    sent += bytes;
    size += file.size;
  }
  putAttribute(place, 'hidden', uploads.length ? undefined : '');
  if (!(place instanceof HTMLProgressElement)) return writeText(place, `${Math.floor((sent / (size || 1)) * 100)} %`);
  place.max = size || 1;
  place.value = sent;
};

const showErrors = (place: HTMLElement, uploads: readonly Upload[]): void => {
  const isRow = !!closest(place, `[${ROWS}]`);
  putAttribute(place, 'role', 'alert');
  putAttribute(place, 'data-code', uploads[0]?.error?.code);
  writeText(place, uploads.map(({ file, error }) => (isRow ? '' : `${file.name}: `) + error?.message).join('\n'));
  keep(place, !!uploads.length);
};

/** Whether the template has a place for what is refused of this field. */
export const hasPlace = (component: Component, field: string): boolean =>
  within(component, `[${ERROR}],[${ROWS}]`).some((place) =>
    [ERROR, ROWS].some((name) => attributeOf(place, name) === field),
  );

/** Shows where the component's files are, between its renders as after each of them. */
export const showUploads = (component: Component, uploads: readonly Upload[]): void => {
  const underWay = uploads.filter(isUnderWay);
  const each = (name: string, show: (place: HTMLElement, uploads: readonly Upload[]) => void, of = uploads) => {
    for (const place of within(component, `[${name}]`)) show(place, meant(of, attributeOf(place, name)));
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
